import { at, list, text } from '../../fields.ts'
import type { FindingResource } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { resourceNamed } from '../../resource-names.ts'
import { isForeignCall } from './guardduty-action.ts'

/** A block of a finding that holds a resource, and its fields with the resource's id and ARN. */
interface Block {
  block: string
  /** CloudFormation type. */
  type: string
  id: string
  arn?: string
}

const BLOCKS: Block[] = [
  { block: 'instanceDetails', type: 'AWS::EC2::Instance', id: 'instanceId' },
  { block: 's3BucketDetails', type: 'AWS::S3::Bucket', id: 'name', arn: 'arn' },
  { block: 'accessKeyDetails', type: 'AWS::IAM::AccessKey', id: 'accessKeyId' },
  { block: 'eksClusterDetails', type: 'AWS::EKS::Cluster', id: 'name', arn: 'arn' },
  { block: 'ecsClusterDetails', type: 'AWS::ECS::Cluster', id: 'name', arn: 'arn' },
  {
    block: 'rdsDbInstanceDetails',
    type: 'AWS::RDS::DBInstance',
    id: 'dbInstanceIdentifier',
    arn: 'dbInstanceArn',
  },
  {
    block: 'rdsLimitlessDbDetails',
    type: 'AWS::RDS::DBShardGroup',
    id: 'dbShardGroupIdentifier',
    arn: 'dbShardGroupArn',
  },
  { block: 'lambdaDetails', type: 'AWS::Lambda::Function', id: 'functionName', arn: 'functionArn' },
]

/** Blocks that hold nothing but an ARN: what a malware scan looked at. */
const ARN_BLOCKS: Required<Omit<Block, 'id'>>[] = [
  { block: 'ebsSnapshotDetails', type: 'AWS::EC2::Snapshot', arn: 'snapshotArn' },
  { block: 'ec2ImageDetails', type: 'AWS::EC2::Image', arn: 'imageArn' },
  { block: 'recoveryPointDetails', type: 'AWS::Backup::RecoveryPoint', arn: 'recoveryPointArn' },
]

/** By `resourceType`, with the block that it is about in front: the finding's own resource comes first. */
const OWN_FIRST = new Map<string, Block[]>(
  Object.entries({
    Instance: 'instanceDetails',
    S3Bucket: 's3BucketDetails',
    AccessKey: 'accessKeyDetails',
    EKSCluster: 'eksClusterDetails',
    KubernetesCluster: 'eksClusterDetails',
    ECSCluster: 'ecsClusterDetails',
    RDSDBInstance: 'rdsDbInstanceDetails',
    RDSLimitlessDB: 'rdsLimitlessDbDetails',
    Lambda: 'lambdaDetails',
  }).map(([type, own]) => [type, ownFirst(own)]),
)

function ownFirst(own: string): Block[] {
  return BLOCKS.toSorted((a, b) => Number(b.block === own) - Number(a.block === own))
}

/** Without the key of a caller from another account, where there is more: what the call was about is ours. */
export function withoutKey(found: FindingResource[]): FindingResource[] {
  const others = found.filter(({ type }) => type !== 'AWS::IAM::AccessKey')
  return others.length > 0 ? others : found
}

/**
 * The resources that a finding names.
 * @param account whose finding it is
 */
export function resources(body: Fields, account: string): FindingResource[] {
  const resource = at(body, 'resource')
  const found: FindingResource[] = []
  for (const { block, type, id, arn } of OWN_FIRST.get(text(resource, 'resourceType') ?? '') ?? BLOCKS) {
    for (const detail of list(resource, block)) {
      const own = text(detail, id)
      const named = arn === undefined ? undefined : text(detail, arn)
      if (own !== undefined)
        found.push(named === undefined ? { type, id: own } : { type, id: own, arn: named })
    }
  }
  for (const { block, type, arn } of ARN_BLOCKS) {
    const detail = at(resource, block)
    const scanned = detail === undefined ? undefined : resourceNamed(type, text(detail, arn))
    if (scanned !== undefined) found.push(scanned)
  }
  if (found.length === 0) return affected(body)
  return isForeignCall(at(body, 'service.action'), account) ? withoutKey(found) : found
}

/** What an API call was about, by type, where the finding has no block of it. */
function affected(body: Fields): FindingResource[] {
  const named = at(body, 'service.action.awsApiCallAction.affectedResources')
  if (!isFields(named)) return []
  return Object.entries(named).flatMap(([type, arn]) =>
    typeof arn === 'string' ? (resourceNamed(type, arn) ?? []) : [],
  )
}

/** Images of the containers in a finding's `resource`, of a task or of a workload of Kubernetes too. */
export function images(resource: unknown): string[] {
  const containers = [
    ...list(resource, 'containerDetails'),
    ...list(resource, 'ecsClusterDetails.taskDetails.containers'),
    ...list(resource, 'kubernetesDetails.kubernetesWorkloadDetails.containers'),
  ]
  return [...new Set(containers.flatMap((each) => text(each, 'image') ?? []))]
}

/** The objects of buckets in a finding's `resource`, `bucket/key`. */
export function objects(resource: unknown): string[] {
  return list(resource, 's3BucketDetails').flatMap((bucket) =>
    list(bucket, 's3ObjectDetails').flatMap((each) => {
      const name = text(bucket, 'name')
      const key = text(each, 'key')
      return name === undefined || key === undefined ? [] : [`${name}/${key}`]
    }),
  )
}

/**
 * Ids of the security groups of the interface that a connection came over, where the finding names it; else of all
 * interfaces of the instance (a port probe), and of a function's VPC.
 * @param resource of the finding
 * @param named id of that interface
 */
export function securityGroups(resource: unknown, named: string | undefined): string[] {
  const interfaces = list(resource, 'instanceDetails.networkInterfaces')
  const own =
    named === undefined ? [] : interfaces.filter((each) => text(each, 'networkInterfaceId') === named)
  const ids = new Set<string>()
  for (const holder of [...(own.length > 0 ? own : interfaces), at(resource, 'lambdaDetails.vpcConfig')])
    for (const group of list(holder, 'securityGroups')) {
      const id = text(group, 'groupId')
      if (id !== undefined) ids.add(id)
    }
  return [...ids]
}
