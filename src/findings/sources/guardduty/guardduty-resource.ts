import { at, list, text } from '../../fields.ts'
import type { FindingResource } from '../../finding.ts'
import { type Fields, isFields } from '../../json-object.ts'
import { resourceNamed } from '../../resource-names.ts'

type Block = [block: string, type: string, id: string, arn: string]

/** GuardDuty's block → CloudFormation type, the field with the id, the field with the ARN. */
const BLOCKS: Block[] = [
  ['instanceDetails', 'AWS::EC2::Instance', 'instanceId', ''],
  ['s3BucketDetails', 'AWS::S3::Bucket', 'name', 'arn'],
  ['accessKeyDetails', 'AWS::IAM::AccessKey', 'accessKeyId', ''],
  ['eksClusterDetails', 'AWS::EKS::Cluster', 'name', 'arn'],
  ['ecsClusterDetails', 'AWS::ECS::Cluster', 'name', 'arn'],
  ['rdsDbInstanceDetails', 'AWS::RDS::DBInstance', 'dbInstanceIdentifier', 'dbInstanceArn'],
  ['rdsLimitlessDbDetails', 'AWS::RDS::DBShardGroup', 'dbShardGroupIdentifier', 'dbShardGroupArn'],
  ['lambdaDetails', 'AWS::Lambda::Function', 'functionName', 'functionArn'],
]

/** Blocks that hold nothing but an ARN: what a malware scan looked at. */
const ARN_BLOCKS: [block: string, type: string, arn: string][] = [
  ['ebsSnapshotDetails', 'AWS::EC2::Snapshot', 'snapshotArn'],
  ['ec2ImageDetails', 'AWS::EC2::Image', 'imageArn'],
  ['recoveryPointDetails', 'AWS::Backup::RecoveryPoint', 'recoveryPointArn'],
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
  }).map(([type, own]) => [type, BLOCKS.toSorted((a, b) => Number(b[0] === own) - Number(a[0] === own))]),
)

/** The resources that a finding names. */
export function resources(body: Fields): FindingResource[] {
  const resource = at(body, 'resource')
  const found: FindingResource[] = []
  for (const [block, type, id, arn] of OWN_FIRST.get(text(resource, 'resourceType') ?? '') ?? BLOCKS) {
    for (const detail of list(resource, block)) {
      const own = text(detail, id)
      const named = text(detail, arn)
      if (own !== undefined)
        found.push(named === undefined ? { type, id: own } : { type, id: own, arn: named })
    }
  }
  for (const [block, type, arn] of ARN_BLOCKS) {
    const scanned = resourceNamed(type, text(at(resource, block), arn))
    if (scanned !== undefined) found.push(scanned)
  }
  return found.length > 0 ? found : affected(body)
}

/** What an API call was about, by type, where the finding has no block of it. */
function affected(body: Fields): FindingResource[] {
  const named = at(body, 'service.action.awsApiCallAction.affectedResources')
  if (!isFields(named)) return []
  return Object.entries(named).flatMap(([type, arn]) =>
    typeof arn === 'string' ? (resourceNamed(type, arn) ?? []) : [],
  )
}

/** Images of the containers that the finding names, of a task or of a workload of Kubernetes too. */
export function images(body: Fields): string[] {
  const containers = [
    ...list(body, 'resource.containerDetails'),
    ...list(body, 'resource.ecsClusterDetails.taskDetails.containers'),
    ...list(body, 'resource.kubernetesDetails.kubernetesWorkloadDetails.containers'),
  ]
  return [...new Set(containers.flatMap((each) => text(each, 'image') ?? []))]
}

/** The objects of buckets that the finding names, `bucket/key`. */
export function objects(body: Fields): string[] {
  return list(body, 'resource.s3BucketDetails').flatMap((bucket) =>
    list(bucket, 's3ObjectDetails').flatMap((each) => {
      const [name, key] = [text(bucket, 'name'), text(each, 'key')]
      return name === undefined || key === undefined ? [] : [`${name}/${key}`]
    }),
  )
}

/**
 * Ids of the security groups of the interface that a connection came over, where the finding names it; else of all
 * interfaces of the instance (a port probe), and of a function's VPC.
 */
export function securityGroups(body: Fields): string[] {
  const interfaces = list(body, 'resource.instanceDetails.networkInterfaces')
  const named = text(body, 'service.action.networkConnectionAction.localNetworkInterface')
  const own =
    named === undefined ? [] : interfaces.filter((each) => text(each, 'networkInterfaceId') === named)
  const holders = [...(own.length > 0 ? own : interfaces), at(body, 'resource.lambdaDetails.vpcConfig')]
  const ids = holders
    .flatMap((holder) => list(holder, 'securityGroups'))
    .map((group) => text(group, 'groupId'))
  return [...new Set(ids.filter((id) => id !== undefined))]
}
