import type { FlowLog, NetworkInterface } from '@aws-sdk/client-ec2'
import { describe, expect, test } from '@jest/globals'
import { CredentialsProblem, EndpointProblem } from '../../../../src/aws/errors.ts'
import type { Aws } from '../../../../src/aws/port.ts'
import { trafficOf } from '../../../../src/engine/rehearsing/traffic/cut-traffic.ts'
import {
  MOST_STARTS,
  QUERIES_AT_ONCE,
  QUERY_PATIENCE_MS,
} from '../../../../src/engine/rehearsing/traffic/insights.ts'
import type { ApiCall } from '../../../../src/playbook/api.ts'
import { AwsError } from '../../../../src/playbook/aws-error.ts'
import type { Cut } from '../../../../src/playbook/network/cut.ts'
import { type Answers, denied, fakeReader } from '../../../support/reader.ts'

const PLACE = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
const SSH: Cut = {
  what: 'tcp 22 from 0.0.0.0/0',
  at: { groups: ['sg-1'] },
  protocol: 6,
  ports: [22, 22],
  peers: { ranges: ['0.0.0.0/0'] },
}
const ENI: NetworkInterface = {
  ...{ NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-1', VpcId: 'vpc-1', PrivateIpAddress: '10.0.0.5' },
}
const LOG: FlowLog = {
  ...{ FlowLogId: 'fl-1', ResourceId: 'vpc-1', LogGroupName: 'flows', FlowLogStatus: 'ACTIVE' },
  ...{ LogDestinationType: 'cloud-watch-logs', TrafficType: 'ALL' },
}
const DAY_MS = 86_400_000
const ROW = [
  { field: 'flows', value: '12' },
  { field: 'all_bytes', value: '4096' },
  { field: 'sources', value: '3' },
  { field: 'last_end', value: '1700000000' },
]

/** AWS with one interface and one flow log, but for what is given; and a clock that nobody waits for. */
function asking(
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

const failed = (action: string, more: Partial<AwsError> = {}) =>
  new AwsError({ kind: 'retryable', code: 'InternalFailure', action, ...more }, 'it failed')
/** Flow logs as the field of a query says which row is whose. */
const rowOf = (row: Record<string, string>) => Object.entries(row).map(([field, value]) => ({ field, value }))

const traffic = async (more: Answers, cut: Partial<Cut> = {}) => {
  const { of } = asking(more)
  const { cuts } = await of(PLACE, [{ ...SSH, ...cut }])
  return cuts[0]!
}
const logged = (more: Partial<FlowLog>): Answers => ({
  'ec2:DescribeFlowLogs': () => ({ FlowLogs: [{ ...LOG, ...more }] }),
})

describe('what a change cuts off', () => {
  test('is counted by the flow log of the VPC, over the time that was asked about, up to what logs tell by now', async () => {
    const { of, reader } = asking()
    expect(await of(PLACE, [SSH])).toEqual({
      since: '2026-11-23T11:45:00.000Z',
      until: '2026-11-30T11:45:00.000Z',
      scannedBytes: 1_000,
      cuts: [
        {
          ...{ what: SSH.what, interfaces: 1, flows: 12, bytes: 4096, sources: 3, unknown: [] },
          lastSeen: '2023-11-14T22:13:20.000Z',
        },
      ],
    })
    const query = reader.calls.find(({ action }) => action === 'logs:StartQuery')!
    expect(query.input).toMatchObject({
      logGroupName: 'flows',
      startTime: 1_795_434_300,
      endTime: 1_796_039_100,
    })
  })

  test('is none where the query counts none, whether it says so or gives no row', async () => {
    const complete = (results: unknown[]) => ({
      'logs:GetQueryResults': () => ({ status: 'Complete', results, statistics: {} }),
    })
    expect(await traffic(complete([]))).toMatchObject({ flows: 0, unknown: [] })
    expect(await traffic(complete([[{ field: 'flows', value: '0' }]]))).toMatchObject({
      flows: 0,
      unknown: [],
    })
  })

  test.each([
    ['no flow log', { 'ec2:DescribeFlowLogs': () => ({ FlowLogs: [] }) }, /no flow log tells of it/],
    ['a log of another VPC', logged({ ResourceId: 'vpc-2' }), /no flow log tells of it/],
    ['a log in S3', logged({ LogDestinationType: 's3' }), /fl-1 writes to S3/],
    ['a log in Firehose', logged({ LogDestinationType: 'kinesis-data-firehose' }), /Amazon Data Firehose/],
    ['rejected flows only', logged({ TrafficType: 'REJECT' }), /rejected flows only/],
    [
      'a format without ports',
      logged({ LogFormat: ['srcaddr', 'dstaddr'].map((name) => `$${`{${name}}`}`).join(' ') }),
      /lacks interface-id, dstport/,
    ],
    ['a format of another form', logged({ LogFormat: 'plain' }), /not understood: plain/],
    [
      'a failed delivery',
      logged({ DeliverLogsStatus: 'FAILED', DeliverLogsErrorMessage: 'Access error' }),
      /Access error/,
    ],
    [
      'another account',
      logged({ LogDestination: 'arn:aws:logs:eu-central-1:999999999999:log-group:flows' }),
      /into account 999999999999/,
    ],
    [
      'a refused list',
      { 'ec2:DescribeFlowLogs': () => Promise.reject(denied('ec2:DescribeFlowLogs')) },
      /^ec2:DescribeFlowLogs: /,
    ],
    [
      'a refused query',
      { 'logs:StartQuery': () => Promise.reject(denied('logs:StartQuery')) },
      /^logs:StartQuery: /,
    ],
    [
      'a failed query',
      { 'logs:GetQueryResults': () => ({ status: 'Failed', results: [], statistics: {} }) },
      /ended as Failed/,
    ],
  ] as [string, Answers, RegExp][])('is not known with %s, and never called none', async (_, more, why) => {
    const { flows, unknown } = await traffic(more)
    expect(flows).toBeNull()
    expect(unknown).toEqual([expect.stringMatching(why)])
  })

  test.each([
    [
      'was made since',
      logged({ CreationTime: new Date('2026-11-29T00:00:00Z') }),
      /nothing before 2026-11-29T00/,
    ],
    [
      'keeps less',
      { 'logs:DescribeLogGroups': () => ({ logGroups: [{ logGroupName: 'flows', retentionInDays: 1 }] }) },
      /nothing before 2026-11-29T12/,
    ],
    [
      'may not be looked at',
      { 'logs:DescribeLogGroups': () => Promise.reject(denied('logs:DescribeLogGroups')) },
      /how long flows keeps what is in it could not be read/,
    ],
    [
      'has skipped records',
      {
        'logs:GetQueryResults': () => ({
          status: 'Complete',
          results: [
            rowOf({ flow_log_status: 'SKIPDATA', flows: '2', sources: '1', last_end: '1800000000' }),
            rowOf({ flow_log_status: 'OK', flows: '12' }),
          ],
          statistics: {},
        }),
      },
      /^fl-1 has skipped records 2 times/,
    ],
    [
      'does not tell of skipped records',
      logged({
        LogFormat: ['interface-id', 'srcaddr', 'dstaddr', 'dstport', 'protocol', 'bytes', 'end', 'action']
          .map((name) => `$${`{${name}}`}`)
          .join(' '),
      }),
      /fl-1 lacks log-status/,
    ],
    [
      'is of interfaces that are younger',
      {
        'ec2:DescribeNetworkInterfaces': () => ({
          NetworkInterfaces: [
            { ...ENI, Attachment: { AttachTime: new Date('2026-11-28T00:00:00Z') } },
            {
              ...{ ...ENI, NetworkInterfaceId: 'eni-0' },
              Attachment: { AttachTime: new Date('2026-11-23T11:00:00Z') },
            },
          ],
        }),
      },
      /^eni-1 is there only since 2026-11-28T00:00:00.000Z: what was there before/,
    ],
    [
      'is one of two',
      {
        'ec2:DescribeFlowLogs': () => ({
          FlowLogs: [LOG, { ...LOG, FlowLogId: 'fl-2', ResourceId: 'subnet-1' }],
        }),
      },
      /flows are counted twice/,
    ],
  ] as [string, Answers, RegExp][])(
    'is counted, and said not to be sure, where the log %s',
    async (_, more, why) => {
      expect(await traffic(more)).toMatchObject({ flows: 12, unknown: [expect.stringMatching(why)] })
    },
  )

  test('is nothing where no interface wears the group, and not known where a service has one that is not found', async () => {
    const nobody = { 'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [] }) }
    expect(await traffic(nobody)).toMatchObject({ interfaces: 0, flows: 0, unknown: [] })
    expect(await traffic({}, { at: { groups: ['sg-1'], requester: 'amazon-rds' } })).toMatchObject({
      flows: null,
      unknown: ['no network interface of amazon-rds was found'],
    })
  })

  test('is counted once where logs of other networks write into the same group', async () => {
    const both = [{ ...LOG, FlowLogId: 'fl-0', ResourceId: 'vpc-9' }, LOG]
    expect(await traffic({ 'ec2:DescribeFlowLogs': () => ({ FlowLogs: both }) })).toMatchObject({
      flows: 12,
      unknown: [],
    })
  })

  test('is counted by the log that tells of the longest time', async () => {
    const young = {
      ...LOG,
      FlowLogId: 'fl-0',
      LogGroupName: 'young',
      CreationTime: new Date('2026-11-29T00:00:00Z'),
    }
    const old = { ...LOG, ResourceId: 'subnet-1', CreationTime: new Date('2026-01-01T00:00:00Z') }
    const { of, reader } = asking({ 'ec2:DescribeFlowLogs': () => ({ FlowLogs: [young, old] }) })
    expect(await of(PLACE, [SSH])).toMatchObject({ cuts: [{ flows: 12, unknown: [] }] })
    const asked = reader.calls.filter(({ action }) => action === 'logs:StartQuery')
    expect(asked).toMatchObject([{ input: { logGroupName: 'flows' } }])
  })

  test('is counted for the interfaces that a log tells of, and said of how many others nobody can tell', async () => {
    const other = { ...ENI, NetworkInterfaceId: 'eni-2', VpcId: 'vpc-2' }
    const both = { 'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: [ENI, other] }) }
    expect(await traffic(both)).toMatchObject({
      flows: 12,
      unknown: ['no flow log tells of it (1 of 2 network interfaces)'],
    })
  })

  test('comes from the interfaces of a group by their addresses; what has none is told', async () => {
    const { of, reader } = asking()
    const peers = { ranges: [], groups: ['sg-2'], unresolved: ['pl-1'] }
    const { cuts } = await of(PLACE, [{ ...SSH, peers }])
    expect(cuts[0]!.unknown).toEqual([
      'what comes by pl-1 is not asked about',
      'addresses of sg-2 are those of now',
    ])
    const { queryString } = reader.calls.find(({ action }) => action === 'logs:StartQuery')!.input as {
      queryString: string
    }
    expect(queryString).toContain('isIpv4InSubnet(flow_srcaddr, "10.0.0.5/32")')
  })

  test('is nothing from a group that nobody wears, which is said; nobody can tell who comes otherwise', async () => {
    const worn = ({ Filters: [filter] }: { Filters: { Values: string[] }[] }) => ({
      NetworkInterfaces: filter!.Values.includes('sg-1') ? [ENI] : [],
    })
    const { of, reader } = asking({ 'ec2:DescribeNetworkInterfaces': worn })
    const peers = { ranges: [], groups: ['sg-2'] }
    const { cuts } = await of(PLACE, [
      { ...SSH, peers },
      { ...SSH, peers: { ...peers, unresolved: ['pl-1'] } },
    ])
    expect(cuts).toMatchObject([
      { interfaces: 1, flows: 0, unknown: ['no interface wears sg-2 now'] },
      {
        flows: null,
        unknown: ['what comes by pl-1 is not asked about', 'no interface wears sg-2 now'],
      },
    ])
    expect(reader.count('logs:StartQuery')).toBe(0)
  })

  test('is told of the interfaces of a service by who asked for them, or by what is written at them', async () => {
    const at = { groups: ['sg-1'], requester: 'amazon-redshift', described: 'RedshiftNetworkInterface' }
    const several = [
      { ...ENI, RequesterId: 'amazon-redshift' },
      { ...ENI, NetworkInterfaceId: 'eni-2', Description: 'RedshiftNetworkInterface' },
      { ...ENI, NetworkInterfaceId: 'eni-3', RequesterId: 'amazon-elb' },
    ]
    const answers = { 'ec2:DescribeNetworkInterfaces': () => ({ NetworkInterfaces: several }) }
    expect(await traffic(answers, { at })).toMatchObject({ interfaces: 2 })
  })
})

describe('when nobody can be asked any more', () => {
  const facts = (action: string) => ({ kind: 'final' as const, code: 'ExpiredToken', action })
  test.each([
    ...['ec2:DescribeNetworkInterfaces', 'ec2:DescribeFlowLogs', 'logs:DescribeLogGroups'],
    ...['logs:StartQuery', 'logs:GetQueryResults'],
  ])('%s says so to the rehearsal, and is no answer', async (action) => {
    for (const Lost of [CredentialsProblem, EndpointProblem]) {
      const { of } = asking({ [action]: () => Promise.reject(new Lost(facts(action), 'expired')) })
      await expect(of(PLACE, [SSH])).rejects.toBeInstanceOf(Lost)
    }
  })
})

test.each(['ec2:DescribeFlowLogs', 'logs:DescribeLogGroups'])(
  'what failed once of %s is asked anew; a denial is not',
  async (action) => {
    const answer = { FlowLogs: [LOG], logGroups: [{ logGroupName: 'flows' }] }
    let asked = 0
    const { of } = asking({
      [action]: () => {
        asked += 1
        return asked === 1 ? Promise.reject(failed(action, { kind: 'throttled' })) : answer
      },
    })
    expect((await of(PLACE, [SSH])).cuts[0]!.unknown).toHaveLength(1)
    expect((await of(PLACE, [SSH])).cuts[0]!.unknown).toEqual([])

    const { of: ofDenied, reader } = asking({ [action]: () => Promise.reject(denied(action)) })
    await ofDenied(PLACE, [SSH])
    await ofDenied(PLACE, [SSH])
    expect(reader.count(action)).toBe(1)
  },
)

describe('queries', () => {
  test('are few at a time', async () => {
    let underWay = 0
    let most = 0
    const { of } = asking({
      'logs:StartQuery': () => {
        underWay += 1
        most = Math.max(most, underWay)
        return { queryId: 'q' }
      },
      'logs:GetQueryResults': async () => {
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return { status: 'Complete', results: [ROW], statistics: {} }
      },
    })
    await of(
      PLACE,
      Array.from({ length: 20 }, (_, port) => ({ ...SSH, ports: [port, port] as const })),
    )
    expect(most).toBe(QUERIES_AT_ONCE)
  })

  test('are stopped when they take too long', async () => {
    const running = {
      'logs:GetQueryResults': () => ({ status: 'Running', results: [], statistics: { bytesScanned: 5 } }),
    }
    const { of, reader } = asking(running)
    const { cuts, scannedBytes } = await of(PLACE, [SSH])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringContaining(`${QUERY_PATIENCE_MS / 1000} s`)] },
    ])
    expect(scannedBytes).toBe(5)
    expect(reader.count('logs:StopQuery')).toBe(1)
  })

  test('are begun no more when as much has been read as may be', async () => {
    const { of, reader } = asking({}, { mostBytes: 2_000 })
    await of(PLACE, [SSH])
    await of(PLACE, [SSH])
    const { cuts } = await of(PLACE, [SSH])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/flows was not asked: as many bytes .* \(2000\)/)] },
    ])
    expect(reader.count('logs:StartQuery')).toBe(2)
  })

  test('are stopped while they read, where all together have read as much as may be', async () => {
    const polls = new Map<string, number>()
    const growing = {
      'logs:GetQueryResults': ({ queryId }: { queryId: string }) => {
        polls.set(queryId, (polls.get(queryId) ?? 0) + 1)
        return { status: 'Running', results: [], statistics: { bytesScanned: 300 * polls.get(queryId)! } }
      },
    }
    const { of, reader } = asking(growing, { mostBytes: 2_000 })
    const { cuts, scannedBytes } = await of(
      PLACE,
      Array.from({ length: 10 }, (_, port) => ({ ...SSH, ports: [port, port] as const })),
    )
    expect(reader.count('logs:StartQuery')).toBe(QUERIES_AT_ONCE)
    expect(reader.count('logs:StopQuery')).toBe(QUERIES_AT_ONCE)
    expect(scannedBytes).toBeGreaterThanOrEqual(2_000)
    expect(scannedBytes).toBeLessThanOrEqual(2_000 + QUERIES_AT_ONCE * 300)
    expect(cuts.filter(({ unknown: [why = ''] }) => why.endsWith('; it was stopped'))).toHaveLength(
      QUERIES_AT_ONCE,
    )
    expect(cuts.every(({ flows }) => flows === null)).toBe(true)
  })

  test('are stopped, and counted as far as they were seen, where asking how far they are fails', async () => {
    let asked = 0
    const { of, reader } = asking({
      'logs:GetQueryResults': () => {
        asked += 1
        if (asked > 1) return Promise.reject(failed('logs:GetQueryResults'))
        return { status: 'Running', results: [], statistics: { bytesScanned: 700 } }
      },
    })
    expect(await of(PLACE, [SSH])).toMatchObject({
      scannedBytes: 700,
      cuts: [{ flows: null, unknown: ['logs:GetQueryResults: it failed; it was stopped'] }],
    })
    expect(reader.count('logs:StopQuery')).toBe(1)
  })

  test.each([
    ['has ended just then', { code: 'InvalidParameterException', kind: 'final' as const }, /120 s$/],
    ['cannot be stopped', {}, /120 s; it could not be stopped: logs:StopQuery: it failed$/],
  ])('keep what they have read where one %s', async (_, facts, why) => {
    const { of } = asking({
      'logs:GetQueryResults': () => ({ status: 'Running', results: [], statistics: { bytesScanned: 5 } }),
      'logs:StopQuery': () => Promise.reject(failed('logs:StopQuery', facts)),
    })
    const { cuts, scannedBytes } = await of(PLACE, [SSH])
    expect(cuts[0]!.unknown).toEqual([expect.stringMatching(why)])
    expect(scannedBytes).toBe(5)
  })

  test('are begun by a single attempt, and again only where AWS says that it is too fast', async () => {
    const refusing = (times: number, facts: Partial<AwsError>) => {
      let started = 0
      return asking({
        'logs:StartQuery': () => {
          started += 1
          if (started <= times) return Promise.reject(failed('logs:StartQuery', facts))
          return { queryId: 'q' }
        },
      })
    }
    const throttled = refusing(2, { kind: 'throttled', code: 'ThrottlingException' })
    expect(await throttled.of(PLACE, [SSH])).toMatchObject({ cuts: [{ flows: 12 }] })
    expect(throttled.attempts).toEqual(Array.from({ length: 3 }, () => ({ attempts: 1 })))

    const always = refusing(Number.POSITIVE_INFINITY, { kind: 'throttled' })
    expect(await always.of(PLACE, [SSH])).toMatchObject({ cuts: [{ flows: null }] })
    expect(always.attempts).toHaveLength(MOST_STARTS)

    const lost = refusing(1, { inDoubt: true })
    expect(await lost.of(PLACE, [SSH])).toMatchObject({
      cuts: [{ flows: null, unknown: [expect.stringContaining('it may have begun')] }],
    })
    expect(lost.attempts).toHaveLength(1)
  })

  test('end with the rehearsal: none is begun, those under way are stopped, and it is said', async () => {
    const stop = new AbortController()
    const { of, reader } = asking(
      {
        'logs:GetQueryResults': () => {
          stop.abort()
          return { status: 'Running', results: [], statistics: { bytesScanned: 1 } }
        },
      },
      { stop },
    )
    const cuts = Array.from({ length: 10 }, (_, port) => ({ ...SSH, ports: [port, port] as const }))
    expect(await of(PLACE, cuts)).toMatchObject({ interrupted: true })
    expect(reader.count('logs:StartQuery')).toBe(QUERIES_AT_ONCE)
    expect(reader.count('logs:StopQuery')).toBe(QUERIES_AT_ONCE)
    expect(await of(PLACE, [SSH])).toMatchObject({
      interrupted: true,
      cuts: [{ unknown: ['flows was not asked: the rehearsal was interrupted'] }],
    })
    expect(await asking().of(PLACE, [SSH])).not.toHaveProperty('interrupted')
  })

  test('are none where there is no room for a single interface', async () => {
    const { of, reader } = asking()
    const ranges = Array.from({ length: 300 }, (_, n) => `198.51.${n >> 4}.${16 * (n & 15)}/28`)
    const { cuts } = await of(PLACE, [{ ...SSH, peers: { ranges } }])
    expect(cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/^1 more interfaces are not/)] },
    ])
    expect(reader.count('logs:StartQuery')).toBe(0)
  })

  test('list flow logs once in each account and region', async () => {
    const { of, reader } = asking()
    await Promise.all([of(PLACE, [SSH]), of(PLACE, [SSH])])
    expect(reader.count('ec2:DescribeFlowLogs')).toBe(1)
  })
})
