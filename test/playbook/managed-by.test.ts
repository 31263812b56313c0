import { expect, test } from '@jest/globals'
import { managedBy, managersOf } from '../../src/playbook/managed-by.ts'

test.each([
  // As each tool writes them; the second line is the first generation of the load balancer controller.
  ['aws:cloudformation:stack-name', 'web', 'CloudFormation stack web'],
  ['kubernetes.io/cluster-name', 'blue', 'Kubernetes cluster blue'],
  ['ingress.k8s.aws/cluster', 'blue', 'Kubernetes cluster blue'],
  ['elbv2.k8s.aws/cluster', 'blue', 'Kubernetes cluster blue'],
  ['kubernetes.io/cluster/blue', 'owned', 'Kubernetes cluster blue'],
  ['aws:eks:cluster-name', 'blue', 'Kubernetes cluster blue'],
  ['eks:cluster-name', 'blue', 'Kubernetes cluster blue'],
  ['eks:eks-cluster-name', 'blue', 'Kubernetes cluster blue'],
  ['alpha.eksctl.io/cluster-name', 'blue', 'Kubernetes cluster blue'],
  ['KubernetesCluster', 'blue.k8s.local', 'Kubernetes cluster blue.k8s.local'],
  ['sigs.k8s.io/cluster-api-provider-aws/cluster/blue', 'owned', 'Kubernetes cluster blue'],
  ['ingress.k8s.aws/stack', 'shop/web', 'Kubernetes controller for shop/web'],
  ['ingress.k8s.aws/resource', 'ManagedLBSecurityGroup', 'Kubernetes controller for ManagedLBSecurityGroup'],
  ['service.k8s.aws/stack', 'shop/web', 'Kubernetes controller for shop/web'],
  ['gateway.k8s.aws.alb/stack', 'shop/web', 'Kubernetes controller for shop/web'],
  ['elbv2.k8s.aws/resource', 'backend-sg', 'Kubernetes controller for backend-sg'],
  ['kubernetes.io/ingress-name', 'web', 'Kubernetes controller for web'],
  ['kubernetes.io/service-name', 'shop/web', 'Kubernetes controller for shop/web'],
  ['services.k8s.aws/namespace', 'shop', 'AWS Controllers for Kubernetes, namespace shop'],
  ['elasticbeanstalk:environment-name', 'prod', 'Elastic Beanstalk environment prod'],
  ['aws:servicecatalog:provisionedProductArn', 'arn:x', 'Service Catalog product arn:x'],
  ['aws:elasticmapreduce:job-flow-id', 'j-1', 'EMR cluster j-1'],
  ['crossplane-name', 'web', 'Crossplane resource web'],
  ['aws:autoscaling:groupName', 'web', 'Auto Scaling group web'],
  ['managed-by', 'terraform', 'Terraform, by the tag managed-by terraform'],
  ['Terraform', 'true', 'Terraform, by the tag Terraform true'],
  ['iac', 'OpenTofu 1.9', 'Terraform, by the tag iac OpenTofu 1.9'],
])('the tag %s tells who may put a change back', (key, value, phrase) => {
  expect(managedBy({ [key]: value, Name: 'web' })).toEqual([phrase])
})

test('one controller is named once, however many tags it leaves', () => {
  const firstGeneration = {
    'ingress.k8s.aws/cluster': 'blue',
    'ingress.k8s.aws/resource': 'ManagedLBSecurityGroup',
    'ingress.k8s.aws/stack': 'shop/web',
    'kubernetes.io/cluster-name': 'blue',
    'kubernetes.io/ingress-name': 'web',
    'kubernetes.io/namespace': 'shop',
  }
  expect(managedBy(firstGeneration)).toEqual(['Kubernetes cluster blue'])
})

test('tags of people name nobody', () => {
  expect(managedBy({ Name: 'web', team: 'shop', environment: 'prod', 'kubernetes.io': 'no' })).toEqual([])
})

test.each([
  [{ 'aws:cloudformation:stack-name': 'web' }, ['cloudformation']],
  [{ 'aws:cloudformation:stack-name': 'StackSet-AWSControlTowerBP-BASELINE-ROLES-0a1b' }, ['controltower']],
  [{ 'aws:cloudformation:stack-name': 'eksctl-blue', 'eks:cluster-name': 'blue' }, ['cloudformation', 'eks']],
  // One cluster by two controllers' tags is told once, as that of EKS.
  [{ 'kubernetes.io/cluster/blue': 'owned', 'aws:eks:cluster-name': 'blue' }, ['eks']],
  [{ 'kubernetes.io/cluster/blue': 'owned' }, ['kubernetes']],
  [
    { 'elasticbeanstalk:environment-name': 'prod', terraform: 'false', Provisioner: 'ann' },
    ['elasticbeanstalk'],
  ],
])('%j is of %j for the rules of a policy', (tags, kinds) => {
  expect(managersOf(tags as Record<string, string>).map(({ by }) => by)).toEqual(kinds)
})
