import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateFlowLogsCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { RehearsalSummary } from '../../src/reports/rehearsal/summary.ts'
import { clientConfig, withSandbox } from '../support/sandbox.ts'
import { sshOpen } from './detected-events.ts'
import { plantIn } from './planted-resources.ts'
import { type Ended, type Program, programIn } from './program-in-sandbox.ts'
import { changes } from './unplanned-requests.ts'

/** `rehearse --traffic`: flow logs as the emulator keeps them, asked by the queries that the program sends. */

const sandbox = withSandbox({ seed: false })
const LOGS = 'acme-flows'
const HOUR_S = 3_600

let ec2: EC2Client
let own: Program
let ended: Ended & Awaited<ReturnType<Program['report']>>
/** Groups that are open to the world, by what their flow logs say. */
const groups = { busy: '', quiet: '', calm: '', inS3: '', unlogged: '' }

const summary = () => (JSON.parse(ended.stdout) as { summary: RehearsalSummary }).summary
interface Told {
  resource: string
  traffic?: { cuts: { flows: number | null; unknown: string[] }[] }
}
const trafficOf = (group: string) =>
  (JSON.parse(ended.stdout) as { runs: Told[] }).runs.find(({ resource }) => resource.endsWith(group))
    ?.traffic

/** A VPC of its own with a subnet. */
async function network(CidrBlock: string): Promise<{ VpcId: string; SubnetId: string }> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock }))
  const VpcId = Vpc!.VpcId!
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }))
  return { VpcId, SubnetId: Subnet!.SubnetId! }
}

/** An interface that wears a group. */
async function wearing(SubnetId: string, group: string): Promise<{ id: string; address: string }> {
  const input = { SubnetId, Groups: [group] }
  const { NetworkInterface: made } = await ec2.send(new CreateNetworkInterfaceCommand(input))
  return { id: made!.NetworkInterfaceId!, address: made!.PrivateIpAddress! }
}

/** A record of the default format, that ended so many hours ago. */
function record(
  { id, address }: { id: string; address: string },
  {
    from,
    port = 22,
    bytes = 1_000,
    hours = 1,
    action = 'ACCEPT',
  }: Record<string, unknown> & { from: string },
) {
  const end = Math.floor(Date.now() / 1000) - Number(hours) * HOUR_S
  const message = `2 ${sandbox().account} ${id} ${from} ${address} 50123 ${port} 6 9 ${bytes} ${end - 60} ${end} ${action} OK`
  return { message, timestamp: end * 1000 }
}

beforeAll(async () => {
  const config = clientConfig(sandbox())
  ec2 = new EC2Client(config)
  const logs = new CloudWatchLogsClient(config)
  const plant = plantIn(sandbox())
  const open = () => plant.group({ source: '0.0.0.0/0' }, { source: '198.51.100.0/24' })
  for (const name of Object.keys(groups) as (keyof typeof groups)[]) groups[name] = await open()

  const logged = await network('10.40.0.0/24')
  const inS3 = await network('10.41.0.0/24')
  const unlogged = await network('10.42.0.0/24')
  const worn = {
    busy: [await wearing(logged.SubnetId, groups.busy), await wearing(logged.SubnetId, groups.busy)],
    quiet: await wearing(logged.SubnetId, groups.quiet),
  }
  await wearing(logged.SubnetId, groups.calm)
  await wearing(inS3.SubnetId, groups.inS3)
  await wearing(unlogged.SubnetId, groups.unlogged)

  await logs.send(new CreateLogGroupCommand({ logGroupName: LOGS }))
  await logs.send(new CreateLogStreamCommand({ logGroupName: LOGS, logStreamName: 'all' }))
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
    Action: 'sts:AssumeRole',
  }
  const { Role } = await new IAMClient(config).send(
    new CreateRoleCommand({
      RoleName: 'flow-logs',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  )
  const all = { TrafficType: 'ALL', ResourceType: 'VPC' } as const
  const flowLogs = { ...all, ResourceIds: [logged.VpcId], LogGroupName: LOGS }
  await ec2.send(new CreateFlowLogsCommand({ ...flowLogs, DeliverLogsPermissionArn: Role!.Arn }))
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'acme-flows-in-s3' }))
  const toS3 = { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::acme-flows-in-s3' } as const
  await ec2.send(new CreateFlowLogsCommand({ ...all, ...toS3, ResourceIds: [inS3.VpcId] }))

  const [first, second] = worn.busy
  const events = [
    record(first!, { from: '203.0.113.9', bytes: 4_000 }),
    record(first!, { from: '203.0.113.9', bytes: 2_000, hours: 30 }),
    record(second!, { from: '192.0.2.44', bytes: 500, hours: 20 }),
    record(worn.quiet, { from: '203.0.113.9', bytes: 900_000, hours: 2 }),
    // Counted nowhere: refused, at another port, from a range that gets in as before, and too long ago.
    record(first!, { from: '203.0.113.10', action: 'REJECT' }),
    record(first!, { from: '203.0.113.11', port: 443 }),
    record(first!, { from: '198.51.100.7' }),
    record(second!, { from: '203.0.113.12', hours: 24 * 9 }),
  ]
  const logEvents = events.toSorted((a, b) => a.timestamp - b.timestamp)
  await logs.send(new PutLogEventsCommand({ logGroupName: LOGS, logStreamName: 'all', logEvents }))

  own = programIn(sandbox())
  own.write(
    'events.ndjson',
    Object.values(groups)
      .map((group) => JSON.stringify(sshOpen(group)))
      .join('\n'),
  )
  const reports = ['--html', 'r.html', '--markdown', 'r.md', '--csv', 'r.csv', '--junit', 'r.xml']
  ended = await own.report('rehearse', 'events.ndjson', '--traffic', '7d', '--fail-on', 'traffic', ...reports)
}, 120_000)

describe('what a change would cut off', () => {
  test('is listed by accepted flows of the last days, most first, with who comes and when last', () => {
    const { cuts } = summary().traffic
    expect(cuts).toMatchObject([
      {
        resource: expect.stringContaining(groups.busy),
        what: 'tcp 22 from 0.0.0.0/0',
        ...{ flows: 3, bytes: 6_500, sources: 2, lastSeen: expect.stringMatching(/^20\d\d-.*Z$/) },
      },
      { resource: expect.stringContaining(groups.quiet), flows: 1, bytes: 900_000, sources: 1 },
    ])
    expect(Date.parse(cuts[0]!.lastSeen!)).toBeGreaterThan(Date.now() - 2 * HOUR_S * 1000)
  })

  test('is none where a log tells of the interfaces and has none, as far back as there is one', () => {
    // It was made by this test, whatever the records say that stand in it.
    const unknown = [expect.stringMatching(/^fl-.* tells of nothing before 20/)]
    expect(trafficOf(groups.calm)?.cuts).toMatchObject([{ flows: 0, unknown }])
  })

  test('is not known, and never called none, where flow logs are in S3 or are not', () => {
    expect(trafficOf(groups.inS3)?.cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/writes to S3, which is not asked/)] },
    ])
    expect(trafficOf(groups.unlogged)?.cuts).toMatchObject([
      { flows: null, unknown: [expect.stringMatching(/no flow log tells of it/)] },
    ])
    expect(summary().traffic).toMatchObject({ asked: 5, busy: 2, unknown: 2, doubtful: 5 })
    expect(summary().traffic.untold).toHaveLength(3)
  })

  test('is said with the bytes of logs that were read for it: what AWS charges by', () => {
    const { scannedBytes } = summary().traffic
    expect(scannedBytes).toBeGreaterThan(3 * 100 * 7)
    expect(own.read('r.md')).toMatch(
      /5 plans cut off a way through the network: 2 had traffic between .* and .*, of 2 nobody can tell, of 3 not all is known; .* of flow logs were read/,
    )
  })

  test('stands in each form of the report', () => {
    const html = own.read('r.html')
    expect(html).toContain('What traffic the changes would cut off, most first')
    expect(own.read('r.md')).toContain('| tcp 22 from 0.0.0.0/0 | 3 | 6.5 kB | 2 |')
    const [head, ...lines] = own.read('r.csv').trimEnd().split('\r\n')
    const at = head!.split(',').indexOf('flows')
    expect(head!.split(',').slice(at, at + 3)).toEqual(['flows', 'bytes', 'flows not known'])
    const unquoted = (line: string) => line.replace(/"(?:[^"]|"")*"/g, (cell) => cell.replaceAll(',', ';'))
    const cells = lines.map((line) => unquoted(line).split(',').slice(at))
    expect(cells.every(([, , why]) => why !== '')).toBe(true)
    expect(cells.map(([flows, bytes]) => `${flows} ${bytes}`).sort()).toEqual([
      ' ',
      ' ',
      '0 0',
      '1 900000',
      '3 6500',
    ])
    expect(own.read('r.xml')).toContain('traffic: tcp 22 from 0.0.0.0/0: 3 flows')
  })

  test('stops at the gate where there was any', () => {
    expect(ended.status).toBe(1)
    expect(ended.stderr).toMatch(/--fail-on traffic: run .*\(and 1 more\)/)
  })

  test('is asked by reads alone, and nothing is changed', () => {
    expect(changes(own)).toEqual([])
    expect(own.requests().filter(({ operation }) => operation === 'StartQuery')).toHaveLength(3)
  })
})

test('without --traffic nothing is asked that costs', async () => {
  const other = programIn(sandbox())
  other.write('event.json', sshOpen(groups.busy))
  expect(await other.report('rehearse', 'event.json')).toMatchObject({ status: 0 })
  expect(other.requests().filter(({ service }) => service === 'logs')).toEqual([])
  expect(await other.failure('rehearse', 'event.json', '--fail-on', 'traffic')).toMatchObject({
    status: 2,
    error: { message: expect.stringMatching(/^--fail-on traffic is about --traffic/) },
  })
})

test('whoever may not read flow logs is told so, and the rehearsal goes on', async () => {
  const other = programIn(sandbox())
  other.write('event.json', sshOpen(groups.busy))
  other.strike('StartQuery', { kind: 'error', status: 400, code: 'AccessDeniedException' })
  const refused = await other.report(
    'rehearse',
    'event.json',
    '--traffic',
    '7d',
    '--fail-on',
    'unknown-traffic',
  )
  expect(refused).toMatchObject({ status: 1, runs: [{ outcome: 'rehearsed' }] })
  expect(refused.stdout).toContain('logs:StartQuery')
})

test('credentials that run out while flow logs are asked end the rehearsal, which says nothing of that run', async () => {
  const other = programIn(sandbox())
  other.write('event.json', sshOpen(groups.busy))
  other.strike('StartQuery', { kind: 'error', status: 400, code: 'ExpiredTokenException' })
  expect(await other.failure('rehearse', 'event.json', '--traffic', '7d')).toMatchObject({
    status: 2,
    error: { kind: 'credentials' },
  })
})

test('a query of which the answer is lost is begun once, and said to be counted by nobody', async () => {
  const other = programIn(sandbox())
  other.write('event.json', sshOpen(groups.busy))
  other.strike('StartQuery', { kind: 'error', status: 500, code: 'InternalFailure' })
  const { stdout } = await other.report('rehearse', 'event.json', '--traffic', '7d')
  expect(stdout).toContain('it may have begun, and what it reads is not counted')
  expect(other.requests().filter(({ operation }) => operation === 'StartQuery')).toHaveLength(1)
})
