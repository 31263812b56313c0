import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { notApplicable } from '../../src/playbook/playbook.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { liveNamed } from '../../src/playbook/step.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import {
  coveringLog,
  type FlowLogParameters,
  type FlowLogValues,
  type SeenVpc,
  TRAFFIC,
  unloggedVpcs,
  valuesOf,
  vpcWithLogs,
} from './flow-logs.ts'

const VPC = 'arn:{partition}:ec2:{region}:{account}:vpc/{id}'
const LOGS = 'arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*'
/** Who may change flow logs hands a role to AWS, and only such a one: `iam:PassRole` on every role would be all of IAM. */
const ROLE_NAME = 'rectify-flow-logs'

const name = (least: number) => z._default(z.nullable(z.string().check(z.minLength(least))), null)
const parameters: z.ZodMiniType<FlowLogParameters> = z.strictObject({
  trafficType: z._default(z.enum(TRAFFIC), 'ALL').check(z.describe('the traffic that is recorded')),
  bucket: name(3).check(
    z.describe(
      'the bucket to write to, which must let delivery.logs.amazonaws.com write; {region} and {account} in its name are those of the VPC',
    ),
  ),
  logGroup: name(1).check(
    z.describe('the log group to write to, where no bucket is named; {region} and {account} as there'),
  ),
  role: z
    ._default(z.string().check(z.regex(/^rectify-flow-logs[\w+=,.@-]*$/)), ROLE_NAME)
    .check(
      z.describe(
        `the role by which AWS writes to the log group, in the account of the VPC; its name begins with ${ROLE_NAME}`,
      ),
    ),
})

/** Has the connections of a VPC recorded, where the policy says. */
export const enableFlowLogs = defineSetting<SeenVpc, FlowLogValues, FlowLogParameters>({
  id: 'ec2-enable-flow-logs',
  title: 'Record the connections of a VPC',
  about: {
    risk: 'Without flow logs nobody can say afterwards who connected to what: an intrusion leaves no trace in the network, and how far it went stays unknown.',
    breaks:
      'Nothing in production: flow logs are taken beside the traffic. They cost money by volume. Where the bucket or the role does not let AWS write, the flow log is there and nothing arrives: the run then ends unproven, and says so.',
  },
  implements: ['vpc-enable-flow-logs'],
  resource: 'AWS::EC2::VPC',
  ids: ec2Ids('vpc'),
  arn: VPC,
  tagsOf: 'the VPC',
  answers: [config('VPC_FLOW_LOGS_ENABLED'), securityHub('EC2.6'), prowler('vpc_flow_logs_enabled')],
  ruleParameters: ['VPC_FLOW_LOGS_ENABLED'],
  parameters,
  suggestedMode: 'auto',
  look: vpcWithLogs,
  inAccount: unloggedVpcs,
  tags: ({ vpc }) => tagsIn(vpc.tags),
  values(seen) {
    const log = coveringLog(seen)
    return log === undefined ? null : valuesOf(log)
  },
  should(_parameters, seen) {
    const log = coveringLog(seen)
    return log === undefined ? (seen.offered ?? notApplicable(NO_PLACE)) : valuesOf(log)
  },
  generated: ['FlowLogId'],
  set: createCall,
  unset: () => call('ec2', 'DeleteFlowLogs', { FlowLogIds: [liveNamed('FlowLogId')] }),
  changes: [
    { action: 'ec2:CreateFlowLogs', resource: VPC },
    { action: 'ec2:CreateFlowLogs', resource: LOGS },
    { action: 'ec2:DeleteFlowLogs', resource: LOGS },
    // Both of them for each kind of place:
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    { action: 'logs:CreateLogDelivery', resource: '*' },
    { action: 'logs:DeleteLogDelivery', resource: '*' },
    { action: 'iam:PassRole', resource: `arn:{partition}:iam::{account}:role/${ROLE_NAME}*` },
  ],
  unless: ({ vpc: { foreignOwner } }) =>
    foreignOwner === undefined ? undefined : `the VPC belongs to account ${foreignOwner}`,
  pending(seen) {
    const log = coveringLog(seen)
    if (log?.DeliverLogsStatus !== 'FAILED') return undefined
    return `flow log ${log.FlowLogId} is there and nothing of it arrives: ${log.DeliverLogsErrorMessage ?? 'AWS does not say why'}`
  },
  effect: 'connections of the VPC are recorded and paid for by volume, and kept where they are written to',
  warnings: () => ['an undo deletes the flow log: what it has written stays where it is'],
})

function createCall(id: string, { TrafficType, LogDestinationType, Destination, Role }: FlowLogValues) {
  return call('ec2', 'CreateFlowLogs', {
    ResourceType: 'VPC',
    ResourceIds: [id],
    TrafficType,
    LogDestinationType,
    ...(LogDestinationType === 's3'
      ? { LogDestination: Destination }
      : { LogGroupName: Destination, DeliverLogsPermissionArn: Role }),
  })
}

const NO_PLACE =
  'no place is known to write to: say it in the policy, for this playbook, as parameters: { bucket: NAME-{region} } or { logGroup: NAME }'
