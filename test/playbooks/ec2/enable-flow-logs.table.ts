import { enableFlowLogs } from '../../../playbooks/ec2/enable-flow-logs.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, onlyIf, type SettingTable } from '../setting-table.ts'

const ID = 'vpc-0123456789abcdef0'
const FlowLogId = 'fl-0123456789abcdef0'
const BUCKET = 'arn:aws:s3:::acme-flows-eu-west-1-123456789012'

const to = (Destination: string, TrafficType = 'ALL') => ({
  TrafficType,
  LogDestinationType: 's3',
  Destination,
})
const ours = to(BUCKET)
const toGroup = {
  TrafficType: 'REJECT',
  LogDestinationType: 'cloud-watch-logs',
  Destination: 'flows',
  Role: 'arn:aws:iam::123456789012:role/rectify-flow-logs',
}
const group = { logGroup: 'flows', trafficType: 'REJECT' }
const control = { source: 'securityhub' as const, type: 'EC2.6', id: ID }
const rule = (trafficType: string) => ({
  type: 'VPC_FLOW_LOGS_ENABLED',
  id: ID,
  evidence: { ruleParameters: { trafficType } },
})

/** A flow log as AWS lists it. */
function listedAs({ TrafficType, LogDestinationType, Destination, Role }: Fields, id = FlowLogId): Fields {
  const place =
    LogDestinationType === 's3'
      ? { LogDestination: Destination }
      : { LogGroupName: Destination, DeliverLogsPermissionArn: Role }
  return {
    FlowLogId: id,
    ResourceId: ID,
    FlowLogStatus: 'ACTIVE',
    DeliverLogsStatus: 'SUCCESS',
    TrafficType,
    LogDestinationType,
    ...place,
  }
}

/** The flow log that is there, and those of others. */
const logsOf = ({ values, more }: LiveResource): Fields[] => [
  ...((more.others as Fields[]) ?? []),
  ...(values ? [{ ...listedAs(values), ...(more.status as Fields) }] : []),
]

export const table: SettingTable = {
  playbook: enableFlowLogs,
  finding: { type: 'VPC_FLOW_LOGS_ENABLED', id: ID },
  id: ID,
  parameters: { bucket: 'acme-flows-{region}-{account}' },
  should: ours,
  other: null,
  otherIsAsBefore: true,
  rows: [
    { live: null, leads: 'set' },
    { live: null, parameters: group, should: toGroup, leads: 'set' },
    {
      live: null,
      parameters: { ...group, role: 'rectify-flow-logs-eu' },
      should: { ...toGroup, Role: `${toGroup.Role}-eu` },
      leads: 'set',
    },
    // Security Hub asks for rejected traffic, which a flow log of accepted traffic does not have.
    {
      live: null,
      more: { others: [listedAs(to('arn:aws:s3:::theirs', 'ACCEPT'), 'fl-00000000')] },
      finding: control,
      leads: 'set',
    },
    {
      live: null,
      finding: rule('ACCEPT'),
      parameters: { ...group },
      should: { ...toGroup, TrafficType: 'ALL' },
      leads: 'set',
    },
    // What is of another resource, or not active, records nothing of this one.
    {
      live: null,
      more: {
        others: [
          { ...listedAs(ours, 'fl-00000000'), ResourceId: 'subnet-0a' },
          { ...listedAs(ours, 'fl-00000001'), FlowLogStatus: 'INACTIVE' },
        ],
      },
      leads: 'set',
    },
    {
      live: to('arn:aws:s3:::theirs', 'REJECT'),
      leads: { outcome: 'alreadyCompliant', reason: 'arn:aws:s3:::theirs' },
    },
    {
      live: to('arn:aws:s3:::theirs', 'REJECT'),
      finding: control,
      leads: { outcome: 'alreadyCompliant', reason: 'TrafficType: REJECT' },
    },
    {
      live: to('arn:aws:s3:::theirs'),
      finding: rule('accept '),
      leads: { outcome: 'alreadyCompliant', reason: 'TrafficType: ALL' },
    },
    {
      live: ours,
      more: { status: { DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' } },
      leads: { outcome: 'unverified', reason: 'nothing of it arrives: Access error' },
    },
    {
      live: null,
      parameters: {},
      leads: { outcome: 'notApplicable', reason: 'no place is known to write to' },
    },
    {
      live: null,
      more: { owner: '999988887777' },
      leads: { outcome: 'notApplicable', reason: 'belongs to account 999988887777' },
    },
  ],
  change: 'ec2:CreateFlowLogs',
  inAccount: { reads: ['ec2:DescribeVpcs', 'ec2:DescribeFlowLogs'], areOfTheLook: true },
  wire: {
    async plant({ region, account, send }) {
      const Destination = `acme-flows-${region}-${account}`
      await send('s3', 'CreateBucket', { Bucket: Destination })
      const { Vpc } = await send('ec2', 'CreateVpc', { CidrBlock: '10.77.0.0/16' })
      const id = Vpc?.VpcId ?? ''
      const live = async () => {
        const Filter = [{ Name: 'resource-id', Values: [id] }]
        const { FlowLogs = [] } = await send('ec2', 'DescribeFlowLogs', { Filter })
        return FlowLogs.map(({ TrafficType, LogDestination }) => ({ TrafficType, LogDestination }))
      }
      const should = [{ TrafficType: 'ALL', LogDestination: `arn:aws:s3:::${Destination}` }]
      return { id, live, should }
    },
    missing: 'vpc-0fedcba9876543210',
  },
  aws: (resource) => ({
    ec2: {
      DescribeVpcs: () => ({
        Vpcs: onlyIf(resource, {
          VpcId: ID,
          OwnerId: resource.more.owner ?? '123456789012',
          Tags: resource.tags,
        }),
      }),
      DescribeFlowLogs: () => ({ FlowLogs: logsOf(resource) }),
      CreateFlowLogs: ({ TrafficType, LogDestinationType, LogDestination, LogGroupName, ...more }) => {
        if (!resource.isThere) throw absent('ec2:CreateFlowLogs', 'InvalidVpcId.NotFound')
        const { DeliverLogsPermissionArn: Role } = more
        resource.values = {
          TrafficType,
          LogDestinationType,
          Destination: LogDestination ?? LogGroupName,
          ...(Role !== undefined && { Role }),
        }
        return { FlowLogIds: [FlowLogId] }
      },
      DeleteFlowLogs: ({ FlowLogIds }) => {
        const [id] = FlowLogIds as string[]
        if (id !== FlowLogId || !resource.values)
          throw absent('ec2:DeleteFlowLogs', 'InvalidFlowLogId.NotFound')
        resource.values = null
        return {}
      },
    },
  }),
}
