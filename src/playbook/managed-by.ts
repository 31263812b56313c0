import type { Tags } from './playbook.ts'

/** Which tag of a tool names what it manages the resource for: the tag's value, or what stands in its key. */
interface Mark {
  /** What manages it: one phrase, completed by the name. */
  phrase: string
  /** The name that a tag gives; undefined for a tag of another kind. */
  name(key: string, value: string): string | undefined
}

const valueAt =
  (...keys: string[]): Mark['name'] =>
  (key, value) =>
    keys.includes(key) ? value : undefined

const nameAfter =
  (prefix: string): Mark['name'] =>
  (key) =>
    key.startsWith(prefix) ? key.slice(prefix.length) : undefined

/**
 * Tags that Kubernetes controllers leave and that name their cluster: EKS itself, the AWS Load Balancer Controller and
 * its first generation (the ALB ingress controller), the cloud provider, Cluster API, kOps, eksctl.
 */
const CLUSTER: Mark['name'][] = [
  valueAt(
    'aws:eks:cluster-name',
    'eks:cluster-name',
    'eks:eks-cluster-name',
    'elbv2.k8s.aws/cluster',
    'ingress.k8s.aws/cluster',
    'kubernetes.io/cluster-name',
    'alpha.eksctl.io/cluster-name',
    'KubernetesCluster',
  ),
  nameAfter('kubernetes.io/cluster/'),
  nameAfter('sigs.k8s.io/cluster-api-provider-aws/cluster/'),
]

/** The same controllers' tags that name only the Kubernetes object; said where no tag names the cluster. */
const KUBERNETES_OBJECT: Mark['name'][] = [
  valueAt(
    'ingress.k8s.aws/stack',
    'service.k8s.aws/stack',
    'gateway.k8s.aws.alb/stack',
    'gateway.k8s.aws.nlb/stack',
    'kubernetes.io/ingress-name',
    'kubernetes.io/service-name',
  ),
  (key, value) => (/^(?:ingress|service|elbv2|gateway)\.k8s\.aws[./]/.test(key) ? value : undefined),
]

const OTHERS: Mark[] = [
  { phrase: 'Elastic Beanstalk environment', name: valueAt('elasticbeanstalk:environment-name') },
  { phrase: 'Service Catalog product', name: valueAt('aws:servicecatalog:provisionedProductArn') },
  { phrase: 'EMR cluster', name: valueAt('aws:elasticmapreduce:job-flow-id') },
  { phrase: 'AWS Controllers for Kubernetes, namespace', name: valueAt('services.k8s.aws/namespace') },
  { phrase: 'Crossplane resource', name: valueAt('crossplane-name') },
]

/**
 * Who puts a resource back the way it was: stacks and controllers, told by the tags they leave (CDK, SAM, StackSets and
 * Control Tower are CloudFormation stacks; Terraform and Pulumi leave none). One phrase each, for a warning.
 */
export function managedBy(tags: Tags): string[] {
  const stack = tags['aws:cloudformation:stack-name']
  const logicalId = tags['aws:cloudformation:logical-id']
  const clusters = named(tags, CLUSTER)
  const objects = clusters.length > 0 ? [] : named(tags, KUBERNETES_OBJECT).slice(0, 1)
  return [
    ...(stack ? [`CloudFormation stack ${stack}${logicalId ? ` (${logicalId})` : ''}`] : []),
    ...clusters.map((cluster) => `Kubernetes cluster ${cluster}`),
    ...objects.map((object) => `Kubernetes controller for ${object}`),
    ...OTHERS.flatMap(({ phrase, name }) => named(tags, [name]).map((found) => `${phrase} ${found}`)),
  ]
}

/** The names that the tags give, each once, in the order of the marks. */
function named(tags: Tags, marks: readonly Mark['name'][]): string[] {
  const names = marks.flatMap((name) =>
    Object.entries(tags).flatMap(([key, value]) => name(key, value) || []),
  )
  return [...new Set(names)]
}
