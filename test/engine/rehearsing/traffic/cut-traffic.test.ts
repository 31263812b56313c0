import { describe, expect, test } from '@jest/globals'
import { type Answers, denied } from '../../../support/reader.ts'
import { asking, ENI, LOG, logged, PLACE, rowOf, SSH, traffic } from './logged-flows.ts'

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
