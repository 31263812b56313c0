import type { Tags } from './playbook.ts'

/**
 * Who puts a resource back the way it was: stacks and controllers, told by the tags they leave. Terraform leaves none.
 * One phrase each, for a warning.
 */
export function managedBy(tags: Tags): string[] {
  const stack = tags['aws:cloudformation:stack-name']
  const logicalId = tags['aws:cloudformation:logical-id']
  const cluster =
    tags['aws:eks:cluster-name'] ??
    tags['elbv2.k8s.aws/cluster'] ??
    Object.keys(tags)
      .find((key) => key.startsWith('kubernetes.io/cluster/'))
      ?.slice('kubernetes.io/cluster/'.length)
  const environment = tags['elasticbeanstalk:environment-name']
  const product = tags['aws:servicecatalog:provisionedProductArn']
  return [
    ...(stack ? [`CloudFormation stack ${stack}${logicalId ? ` (${logicalId})` : ''}`] : []),
    ...(cluster ? [`Kubernetes cluster ${cluster}`] : []),
    ...(environment ? [`Elastic Beanstalk environment ${environment}`] : []),
    ...(product ? [`Service Catalog product ${product}`] : []),
  ]
}
