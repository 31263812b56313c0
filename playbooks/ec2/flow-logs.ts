import type { FlowLog } from '@aws-sdk/client-ec2'
import type { Finding } from '../../src/findings/finding.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import { partsOf } from '../../src/playbook/resource/resource-form.ts'
import { allOf, type Looking, listed, lookCall } from '../../src/playbook/setting/looks.ts'
import type { InAccount } from '../../src/playbook/setting/setting.ts'
import { ec2 } from '../services.ts'

export const TRAFFIC = ['ACCEPT', 'REJECT', 'ALL'] as const
export type Traffic = (typeof TRAFFIC)[number]

/** Where flow logs go, by the policy. */
export interface FlowLogParameters {
  trafficType: Traffic
  bucket: string | null
  logGroup: string | null
  role: string
}

/** A flow log as it is made and seen: what it records, and where it writes. */
export type FlowLogValues = {
  TrafficType: Traffic
  LogDestinationType: 's3' | 'cloud-watch-logs'
  /** ARN of the bucket, or the name of the log group. */
  Destination: string
  /** ARN of the role by which AWS writes to the log group. */
  Role?: string
  FlowLogId?: string
}

/** A VPC, its flow logs, and what is asked of them. */
export interface SeenVpc {
  vpc: { tags: { Key?: string | undefined; Value?: string | undefined }[]; foreignOwner?: string }
  logs: FlowLog[]
  /** What the detectors want to see: nothing in particular where it is empty. */
  needed: Traffic[]
  /** What would be made; undefined where the policy names no place to write to. */
  offered: FlowLogValues | undefined
}

const vpc = listed(
  ec2,
  'DescribeVpcs',
  'Vpcs',
  (id) => ({ Filters: [{ Name: 'vpc-id', Values: [id] }] }),
  ([one], _id, { resource }): SeenVpc['vpc'] | undefined => {
    if (one === undefined) return undefined
    const { OwnerId, Tags: tags = [] } = one
    const isForeign = OwnerId !== undefined && OwnerId !== partsOf(resource).account
    return { tags, ...(isForeign && { foreignOwner: OwnerId }) }
  },
)

const logs = listed(
  ec2,
  'DescribeFlowLogs',
  'FlowLogs',
  // Its field is `Filter`, where that of others is `Filters`.
  (id) => ({ Filter: [{ Name: 'resource-id', Values: [id] }] }),
  (all, id) => all.filter((log) => log.ResourceId === id && log.FlowLogStatus === 'ACTIVE'),
)

const both = allOf({ vpc, logs })

/** The VPC and its flow logs that are active. */
export const vpcWithLogs: Looking<SeenVpc, FlowLogParameters> = {
  calls: both.calls,
  async at(aws, target, asked) {
    const seen = await both.at(aws, target)
    if (seen === undefined) return undefined
    const needed = (asked?.findings ?? []).flatMap(trafficOf)
    return { ...seen, needed, offered: asked && offeredTo(target.resource, needed, asked.parameters) }
  },
}

/** The VPCs of the account without any flow log. */
export const unloggedVpcs: InAccount = {
  calls: [lookCall(ec2, 'DescribeVpcs'), lookCall(ec2, 'DescribeFlowLogs')],
  async wrong(aws: Reader) {
    const [vpcs, all] = await Promise.all([
      aws.list('ec2', 'DescribeVpcs', {}, 'Vpcs'),
      aws.list('ec2', 'DescribeFlowLogs', {}, 'FlowLogs'),
    ])
    const logged = new Set(
      all.filter(({ FlowLogStatus }) => FlowLogStatus === 'ACTIVE').map(({ ResourceId }) => ResourceId),
    )
    const own = vpcs.filter(({ OwnerId }) => OwnerId === undefined || OwnerId === aws.account)
    return own.flatMap(({ VpcId }) => (VpcId && !logged.has(VpcId) ? [VpcId] : [])).sort()
  },
}

/** The flow log that records what is wanted: the one that would be made, before all others. */
export function coveringLog({ logs, needed, offered }: SeenVpc): FlowLog | undefined {
  const covering = logs
    .filter(({ TrafficType }) => needed.every((traffic) => covers(TrafficType, traffic)))
    .toSorted((a, b) => ((a.FlowLogId ?? '') < (b.FlowLogId ?? '') ? -1 : 1))
  const isOffered = (log: FlowLog) =>
    offered !== undefined && valuesOf(log).Destination === offered.Destination
  return covering.find(isOffered) ?? covering[0]
}

/** What a flow log records, and where it writes. */
export function valuesOf({
  TrafficType,
  LogDestinationType,
  LogDestination,
  LogGroupName,
  DeliverLogsPermissionArn: Role,
  FlowLogId = '',
}: FlowLog): FlowLogValues {
  const isBucket = LogDestinationType === 's3'
  return {
    TrafficType: (TrafficType ?? 'ALL') as Traffic,
    LogDestinationType: isBucket ? 's3' : 'cloud-watch-logs',
    Destination: (isBucket ? LogDestination : LogGroupName) ?? LogDestination ?? '',
    ...(!isBucket && Role !== undefined && { Role }),
    FlowLogId,
  }
}

const covers = (live: string | undefined, wanted: Traffic): boolean => live === 'ALL' || live === wanted

/** Security Hub's control asks AWS Config for rejected traffic; a rule of the account's own says what it wants, or nothing. */
function trafficOf({ source, evidence: { ruleParameters = {} } }: Finding): Traffic[] {
  if (source === 'securityhub') return ['REJECT']
  const wanted = ruleParameters.trafficType?.trim().toUpperCase()
  return TRAFFIC.filter((each) => each === wanted)
}

function offeredTo(
  arn: string,
  needed: readonly Traffic[],
  { trafficType, bucket, logGroup, role }: FlowLogParameters,
): FlowLogValues | undefined {
  const { partition, region, account } = partsOf(arn)
  const TrafficType = needed.every((each) => covers(trafficType, each)) ? trafficType : 'ALL'
  const filled = (name: string) => name.replaceAll('{region}', region).replaceAll('{account}', account)
  if (bucket !== null) {
    return { TrafficType, LogDestinationType: 's3', Destination: `arn:${partition}:s3:::${filled(bucket)}` }
  }
  if (logGroup === null) return undefined
  const Role = `arn:${partition}:iam::${account}:role/${role}`
  return { TrafficType, LogDestinationType: 'cloud-watch-logs', Destination: filled(logGroup), Role }
}
