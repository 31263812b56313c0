import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2'
import type { Aws } from '../../../../src/aws/port.ts'
import { trafficOf } from '../../../../src/engine/rehearsing/traffic/cut-traffic.ts'
import type { ApiCall } from '../../../../src/playbook/api.ts'
import { AwsError } from '../../../../src/playbook/aws-error.ts'
import type { Cut } from '../../../../src/playbook/network/cut.ts'
import { type Answers, fakeReader } from '../../../support/reader.ts'

export const PLACE = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
export const SSH: Cut = {
  what: 'tcp 22 from 0.0.0.0/0',
  at: { groups: ['sg-1'] },
  protocol: 6,
  ports: [22, 22],
  peers: { ranges: ['0.0.0.0/0'] },
}
export const ENI: NetworkInterface = {
  ...{ NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-1', VpcId: 'vpc-1', PrivateIpAddress: '10.0.0.5' },
}
export const LOG: FlowLog = {
  ...{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', LogGroupName: 'flows', FlowLogStatus: 'ACTIVE' },
  ...{ LogDestinationType: 'cloud-watch-logs', TrafficType: 'ALL' },
}
export const DAY_MS = 86_400_000
export const ROW = [
  { field: 'flows', value: '12' },
  { field: 'all_bytes', value: '4096' },
  { field: 'sources', value: '3' },
  { field: 'last_end', value: '1700000000' },
]

/** AWS with one interface and one flow log, but for what is given; and a clock that nobody waits for. */
export function asking(
  more: Answers = {},
  { mostBytes = Number.POSITIVE_INFINITY, stop = new AbortController() } = {},
) {
  let queries = 0
  const answers: Answers = {
    'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [ENI] }),
    'ec2:DescribeFlowLogs': () => ({ FlowLogs: [LOG] }),
    'logs:DescribeLogGroups': () => ({ logGroups: [{ logGroupName: 'flows' }] }),
    'logs:StartQuery': () => ({ queryId: `q-${++queries}` }),
    'logs:GetQueryResults': () => ({
      status: 'Complete',
      results: [ROW],
      statistics: { bytesScanned: 1_000 },
    }),
    'logs:StopQuery': () => ({ success: true }),
    ...more,
  }
  const reader = fakeReader(answers, PLACE)
  let now = Date.parse('2026-11-30T12:00:00Z')
  const clock = {
    now: () => now,
    async sleep(ms: number) {
      now += ms
    },
  }
  const attempts: unknown[] = []
  const send = (_place: unknown, { service, operation, input }: ApiCall, options: unknown) => {
    attempts.push(options)
    return reader.read(service as 'logs', operation as 'StartQuery', input as never)
  }
  const aws = { reader: () => reader, send } as unknown as Aws
  const of = trafficOf(aws, clock, { ms: 7 * DAY_MS, mostBytes, until: stop.signal })
  return { reader, attempts, of }
}

export const failed = (action: string, more: Partial<AwsError> = {}) =>
  new AwsError({ kind: 'retryable', code: 'InternalFailure', action, ...more }, 'it failed')
/** Flow logs as the field of a query says which row is whose. */
export const rowOf = (row: Record<string, string>) =>
  Object.entries(row).map(([field, value]) => ({ field, value }))

export const traffic = async (more: Answers, cut: Partial<Cut> = {}) => {
  const { of } = asking(more)
  const { cuts } = await of(PLACE, [{ ...SSH, ...cut }])
  return cuts[0]!
}
export const logged = (more: Partial<FlowLog>): Answers => ({
  'ec2:DescribeFlowLogs': () => ({ FlowLogs: [{ ...LOG, ...more }] }),
})
