import type { Permission } from '../../src/playbook/permissions.ts'
import type { ArnPlace } from '../../src/playbook/resource/fill-arn.ts'
import { readName } from '../../src/playbook/resource/read-name.ts'
import {
  ec2Ids,
  type IdForm,
  idsOfKinds,
  nameIds,
  partsOf,
} from '../../src/playbook/resource/resource-form.ts'
import type { Target } from '../../src/playbook/resource/target.ts'

/** A kind of resource that the tagging API sets tags on, and what its own service asks of whoever does. */
export interface Kind {
  type: string
  arn: string
  ids: IdForm
  /** IAM actions of its service, on the resource, beside those of the tagging API. */
  actions: readonly string[]
  /** What they are asked for besides: what follows the ARN of the resource. */
  parts?: string
}

/** What is after the account in the ARNs of a service; `ids` a character of an id, at most so many. */
function kinds(
  service: string,
  actions: readonly string[],
  ids: IdForm,
  named: Record<string, string>,
): Kind[] {
  return Object.entries(named).map(([type, rest]) => ({
    type: `AWS::${type}`,
    arn: `arn:{partition}:${service}:{region}:{account}:${rest}{id}`,
    ids,
    actions: actions.map((action) => `${service}:${action}`),
  }))
}

const words = nameIds(/[\w-]/, 255, [])
const withColons = nameIds(/[\w.:-]/, 255, [])

/** EC2 has one form of id for each kind. */
const OF_EC2: Record<string, [rest: string, prefix: string]> = {
  Instance: ['instance/', 'i'],
  CustomerGateway: ['customer-gateway/', 'cgw'],
  InternetGateway: ['internet-gateway/', 'igw'],
  NetworkAcl: ['network-acl/', 'acl'],
  NetworkInterface: ['network-interface/', 'eni'],
  RouteTable: ['route-table/', 'rtb'],
  SecurityGroup: ['security-group/', 'sg'],
  Subnet: ['subnet/', 'subnet'],
  Volume: ['volume/', 'vol'],
  VPC: ['vpc/', 'vpc'],
  VPNConnection: ['vpn-connection/', 'vpn'],
  VPNGateway: ['vpn-gateway/', 'vgw'],
}

/**
 * The kinds that the rule `required-tags` looks at (AWS Config developer guide), as far as the tagging API sets their tags
 * and nothing else with them: those of a stack are set by updating it, of a project by writing it anew.
 */
export const KINDS: readonly Kind[] = [
  ...Object.entries(OF_EC2).flatMap(([type, [rest, prefix]]) =>
    kinds('ec2', ['CreateTags', 'DeleteTags'], ec2Ids(prefix), { [`EC2::${type}`]: rest }),
  ),
  ...kinds('elasticloadbalancing', ['AddTags', 'RemoveTags'], nameIds(/[\w/-]/, 80, []), {
    'ElasticLoadBalancingV2::LoadBalancer': 'loadbalancer/',
  }),
  ...kinds('rds', ['AddTagsToResource', 'RemoveTagsFromResource'], withColons, {
    'RDS::DBInstance': 'db:',
    'RDS::DBSecurityGroup': 'secgrp:',
    'RDS::DBSnapshot': 'snapshot:',
    'RDS::DBSubnetGroup': 'subgrp:',
    'RDS::EventSubscription': 'es:',
  }),
  ...kinds('redshift', ['CreateTags', 'DeleteTags'], words, {
    'Redshift::Cluster': 'cluster:',
    'Redshift::ClusterParameterGroup': 'parametergroup:',
    'Redshift::ClusterSubnetGroup': 'subnetgroup:',
  }),
  ...kinds('dynamodb', ['TagResource', 'UntagResource'], nameIds(/[\w.-]/, 255, []), {
    'DynamoDB::Table': 'table/',
  }).map((kind) => ({ ...kind, parts: '/stream/*' })),
  ...kinds('acm', ['AddTagsToCertificate', 'RemoveTagsFromCertificate'], words, {
    'CertificateManager::Certificate': 'certificate/',
  }),
  {
    type: 'AWS::S3::Bucket',
    arn: 'arn:{partition}:s3:::{id}',
    ids: nameIds(/[a-z0-9.-]/, 63, []),
    actions: ['s3:GetBucketTagging', 's3:PutBucketTagging'],
  },
]

/** What its service asks of whoever sets tags on a resource, or on all of the kind. */
export function ownPermissions({ actions, parts }: Kind, resource: string): Permission[] {
  const resources = parts === undefined ? [resource] : [resource, `${resource}${parts}`]
  return actions.flatMap((action) => resources.map((each) => ({ action, resource: each })))
}

/** What AWS Config calls those that it has another word for. */
const CALLED: Readonly<Record<string, string>> = {
  'AWS::ACM::Certificate': 'AWS::CertificateManager::Certificate',
  'AWS::ElasticLoadBalancing::LoadBalancer': 'AWS::ElasticLoadBalancingV2::LoadBalancer',
}

/** Whether resources of a type are tagged here at all. */
export const isTagged = (type: string): boolean => KINDS.some((kind) => kind.type === (CALLED[type] ?? type))

/** Of all of them: what an ARN says after the account. */
export const RESOURCE = 'AWS::Config::TaggedResource'
const restOf = ({ arn }: Kind): string => partsOf(arn).rest.replace('{id}', '')
export const IDS = idsOfKinds(
  KINDS.map((kind) => [restOf(kind), kind.ids]),
  ['instance/i-0123456789abcdef0'],
)

/** A resource by its ARN, or by what that says after the account. */
export function taggedResource(text: string, place: ArnPlace): Target {
  const plain = text.startsWith(`${RESOURCE}/`) ? text.slice(RESOURCE.length + 1) : text
  const read = KINDS.map((kind) => {
    const rest = restOf(kind)
    const isRest = rest !== '' && plain.startsWith(rest)
    const name = isRest ? plain.slice(rest.length) : plain
    const isWhole = plain.startsWith('arn:')
    if (!isRest && !isWhole) return { notUnderstood: '' }
    const found = readName({ resource: RESOURCE, ids: kind.ids, arn: kind.arn }, name, place)
    return 'id' in found ? { kind, id: found.id } : found
  })
  const known = read.find((each) => 'id' in each)
  if (known && 'id' in known) {
    const resource = known.kind.arn
      .replace('{partition}', place.partition)
      .replace('{region}', place.region)
      .replace('{account}', place.account)
      .replace('{id}', known.id)
    return { resource, id: `${restOf(known.kind)}${known.id}`, key: resource }
  }
  const elsewhere = read.flatMap((each) => ('notUnderstood' in each ? each.notUnderstood : []))
  const why =
    elsewhere.find((each) => / is of (region|account|partition) /.test(each)) ??
    `"${text}" is no ARN of an ${RESOURCE}: of those whose tags are set here`
  return { resource: text, id: text, key: text, notUnderstood: why }
}

/** The kind of a resource that was understood. */
export function kindOf({ resource }: Pick<Target, 'resource'>): Kind | undefined {
  const { partition, region, account } = partsOf(resource)
  return KINDS.find(
    (kind) => 'id' in readName({ ...kind, resource: kind.type }, resource, { partition, region, account }),
  )
}
