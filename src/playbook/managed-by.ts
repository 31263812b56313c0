import type { Tags } from './inspection.ts'

/** Who may manage a resource beside the people of the account. */
export const MANAGERS = [
  'cloudformation',
  'terraform',
  'autoscaling',
  'eks',
  'kubernetes',
  'elasticbeanstalk',
  'controltower',
  'servicecatalog',
  'emr',
  'ack',
  'crossplane',
] as const
export type ManagerKind = (typeof MANAGERS)[number]

/** Who puts a resource back the way it was, and where it has to be changed instead. */
export interface Manager {
  by: ManagerKind
  /** `CloudFormation stack web (Bucket)` */
  where: string
}

/** Which tag of a tool names what it manages the resource for. */
interface Mark {
  by: ManagerKind
  /** What manages it: one phrase, completed by the name. */
  phrase: string
  /** The name that a tag gives: its value, or what stands in its key; undefined for a tag of another kind. */
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
 * Tags that Kubernetes controllers leave and that name their cluster: EKS itself and eksctl, then the AWS Load Balancer
 * Controller and its first generation (the ALB ingress controller), the cloud provider, Cluster API, kOps. A cluster is
 * told once, and as that of EKS where one of its own tags is there.
 */
const CLUSTER: readonly Mark[] = [
  {
    by: 'eks',
    phrase: 'Kubernetes cluster',
    name: valueAt(
      'aws:eks:cluster-name',
      'eks:cluster-name',
      'eks:eks-cluster-name',
      'alpha.eksctl.io/cluster-name',
    ),
  },
  {
    by: 'kubernetes',
    phrase: 'Kubernetes cluster',
    name: valueAt(
      'elbv2.k8s.aws/cluster',
      'ingress.k8s.aws/cluster',
      'kubernetes.io/cluster-name',
      'KubernetesCluster',
    ),
  },
  { by: 'kubernetes', phrase: 'Kubernetes cluster', name: nameAfter('kubernetes.io/cluster/') },
  {
    by: 'kubernetes',
    phrase: 'Kubernetes cluster',
    name: nameAfter('sigs.k8s.io/cluster-api-provider-aws/cluster/'),
  },
]

/** The same controllers' tags that name only the Kubernetes object; said where no tag names the cluster. */
const KUBERNETES_OBJECT: readonly Mark['name'][] = [
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

/** Terraform leaves no tag of its own; these are the ones that people give by `default_tags`. */
const TERRAFORM: Mark = {
  by: 'terraform',
  phrase: 'Terraform, by the tag',
  name: (key, value) => {
    const says = /^(?:managed|created|provisioned)[-_ ]?by$|^provisioner$|^iac$/i.test(key)
    const isIt = says ? /terraform|opentofu/i.test(value) : /^terraform$/i.test(key) && value !== 'false'
    return isIt ? `${key} ${value}`.trim() : undefined
  },
}

const OTHERS: readonly Mark[] = [
  {
    by: 'elasticbeanstalk',
    phrase: 'Elastic Beanstalk environment',
    name: valueAt('elasticbeanstalk:environment-name'),
  },
  {
    by: 'servicecatalog',
    phrase: 'Service Catalog product',
    name: valueAt('aws:servicecatalog:provisionedProductArn'),
  },
  { by: 'autoscaling', phrase: 'Auto Scaling group', name: valueAt('aws:autoscaling:groupName') },
  { by: 'emr', phrase: 'EMR cluster', name: valueAt('aws:elasticmapreduce:job-flow-id') },
  {
    by: 'ack',
    phrase: 'AWS Controllers for Kubernetes, namespace',
    name: valueAt('services.k8s.aws/namespace'),
  },
  { by: 'crossplane', phrase: 'Crossplane resource', name: valueAt('crossplane-name') },
  TERRAFORM,
]

/**
 * Who puts a resource back the way it was: stacks and controllers, told by the tags they leave (CDK, SAM and StackSets are
 * CloudFormation stacks; those of Control Tower are called so; Pulumi leaves none).
 */
export function managersOf(tags: Tags): Manager[] {
  const clusters = named(tags, CLUSTER)
  const object = clusters.length > 0 ? [] : objectOf(tags)
  return [...stackOf(tags), ...clusters, ...object, ...named(tags, OTHERS)]
}

/** The same as phrases, for a warning. */
export function managedBy(tags: Tags): string[] {
  return managersOf(tags).map(({ where }) => where)
}

function stackOf(tags: Tags): Manager[] {
  const stack = tags['aws:cloudformation:stack-name']
  if (!stack) return []
  const logicalId = tags['aws:cloudformation:logical-id']
  const by = /AWSControlTower/.test(stack) ? 'controltower' : 'cloudformation'
  return [{ by, where: `CloudFormation stack ${stack}${logicalId ? ` (${logicalId})` : ''}` }]
}

function objectOf(tags: Tags): Manager[] {
  const marks = KUBERNETES_OBJECT.map(
    (name): Mark => ({ by: 'kubernetes', phrase: 'Kubernetes controller for', name }),
  )
  return named(tags, marks).slice(0, 1)
}

/** What the tags name, each once, in the order of the marks. */
function named(tags: Tags, marks: readonly Mark[]): Manager[] {
  const found = marks.flatMap(({ by, phrase, name }) =>
    Object.entries(tags).flatMap(([key, value]): Manager[] => {
      const own = name(key, value)
      return own ? [{ by, where: `${phrase} ${own}` }] : []
    }),
  )
  return [...new Map(found.toReversed().map((each) => [each.where, each])).values()].toReversed()
}
