import {
  CreateManagedPrefixListCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
} from '@aws-sdk/client-ec2'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { AwsRequest } from '../../src/sandbox/front/request.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { withSandbox } from '../support/sandbox.ts'
import { patchesMissing, snapshotPublic, sshOpen } from './detected-events.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes, undeclared } from './unplanned-requests.ts'

/**
 * Where other engines were seen to go wrong (the numbers are those of that list of cases), against resources that
 * are really there.
 */

const sandbox = withSandbox({ seed: false })
let plant: Planter
beforeAll(() => {
  plant = plantIn(sandbox())
})
afterEach(() => {
  sandbox().faults.length = 0
})

/** A program with one event. */
function withEvent(event: unknown, policy?: object): Program {
  const own = programIn(sandbox(), policy ? { policy } : {})
  own.write('event.json', event)
  return own
}

const IN_THE_WORLD = { source: '0.0.0.0/0' }

describe('truth about what happened', () => {
  test('one of two changes denied: each run says for itself what came of it', async () => {
    const [first, second] = [await plant.group(IN_THE_WORLD), await plant.group(IN_THE_WORLD)]
    const own = programIn(sandbox())
    own.write('1.json', sshOpen(first))
    own.write('2.json', sshOpen(second))
    const when = ({ input }: AwsRequest) => input.GroupId === second
    own.strike('RevokeSecurityGroupIngress', { kind: 'deny' }, { when })
    const { status, runs } = await own.report('apply', '1.json', '2.json')
    expect(runs.map(({ outcome, results }) => [outcome, results[0]?.status])).toEqual([
      ['remediated', 'applied'],
      ['failed', 'failed'],
    ])
    expect(status).toBe(1)
    expect([await plant.ingress(first), await plant.ingress(second)]).toEqual([[], ['tcp 22-22 0.0.0.0/0']])
  })

  test('what is right already, and the same fix again, changes nothing', async () => {
    const group = await plant.group({ source: '10.0.0.0/8' })
    const own = withEvent(sshOpen(group))
    for (const state of ['one', 'one', 'two']) {
      const { status, runs } = await own.report('apply', 'event.json', '--state', state)
      expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'alreadyCompliant' })
    }
    expect(changes(own)).toEqual([])
  })

  test('what is gone is gone, not remediated', async () => {
    const group = await plant.group(IN_THE_WORLD)
    const snapshot = await plant.snapshot('all')
    await plant.ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }))
    await plant.ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshot }))
    const own = programIn(sandbox())
    own.write('1.json', sshOpen(group))
    own.write('2.json', snapshotPublic(snapshot))
    own.write('3.json', patchesMissing('i-0123456789abcdef0'))
    const { status, runs } = await own.report('apply', '1.json', '2.json', '3.json')
    expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
      status: 0,
      outcomes: Array(3).fill('resourceGone'),
    })
    expect(changes(own)).toEqual([])
  })

  test('one of five is deleted while they are put right: the other four are, each with its own result', async () => {
    const groups: string[] = []
    for (let n = 0; n < 5; n++) groups.push(await plant.group(IN_THE_WORLD))
    const own = programIn(sandbox())
    for (const [n, group] of groups.entries()) own.write(`events/${n}.json`, sshOpen(group))
    const goes = groups[1]
    const before = () => plant.ec2.send(new DeleteSecurityGroupCommand({ GroupId: goes }))
    const when = ({ input }: AwsRequest) => input.GroupId === goes
    own.strike('RevokeSecurityGroupIngress', { kind: 'hook', before }, { when, count: 1 })
    const { status, runs } = await own.report('apply', 'events')
    const outcomes = runs.map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['remediated', 'resourceGone', 'remediated', 'remediated', 'remediated'])
    expect(status).toBe(0)
    for (const group of groups.filter((each) => each !== goes)) expect(await plant.ingress(group)).toEqual([])
  })
})

describe('touching only what is wrong', () => {
  const apply = async (event: unknown) => {
    const own = withEvent(event)
    return { own, ...(await own.report('apply', 'event.json')) }
  }

  test('of one permission entry only the open source goes; the rest keeps descriptions and tags', async () => {
    const group = await plant.group(
      { source: '0.0.0.0/0', description: 'temporary', tags: { ticket: '4711' } },
      { source: '10.0.0.0/8', description: 'office', tags: { 'created-by': 'netops' } },
      { source: '0.0.0.0/0', port: 443, description: 'the web site' },
    )
    const { runs } = await apply(sshOpen(group))
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(await plant.ingress(group)).toEqual([
      'tcp 22-22 10.0.0.0/8 "office" created-by=netops',
      'tcp 443-443 0.0.0.0/0 "the web site"',
    ])
    expect(runs[0]?.plan?.warnings.join()).toContain('tcp 22 from 10.0.0.0/8')
  })

  test('the world is found and closed in whatever ranges it is written', async () => {
    const world = [
      ['0.0.0.0/0'],
      ['::/0'],
      ['0.0.0.0/0', '::/0'],
      ['0.0.0.0/1', '128.0.0.0/1'],
      ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'],
      ['::/1', '8000::/1'],
      ['2000::/3'],
    ]
    const own = programIn(sandbox())
    const groups: string[] = []
    for (const [n, sources] of world.entries()) {
      const group = await plant.group(...sources.map((source) => ({ source })), { source: '10.0.0.0/8' })
      own.write(`events/${n}.json`, sshOpen(group))
      groups.push(group)
    }
    const { status, runs } = await own.report('apply', 'events')
    expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
      status: 0,
      outcomes: world.map(() => 'remediated'),
    })
    const left = await Promise.all(groups.map((group) => plant.ingress(group)))
    expect(left).toEqual(world.map(() => ['tcp 22-22 10.0.0.0/8']))
  })

  test('a rule of AWS Config is what AWS Config says, whatever its name, and asks for the ports of its parameters', async () => {
    const group = await plant.group(
      { source: '0.0.0.0/0', port: 5432 },
      { source: '0.0.0.0/0', port: 443, description: 'the web site' },
    )
    await plant.configRule('Network-Ports-1ABCDEF', 'RESTRICTED_INCOMING_TRAFFIC', { blockedPort1: '5432' })
    const said = configRule('Network-Ports-1ABCDEF', 'AWS::EC2::SecurityGroup', group)
    const { own, runs } = await apply(said)
    expect(runs).toMatchObject([{ outcome: 'remediated', playbook: 'ec2-close-open-ingress' }])
    expect(await plant.ingress(group)).toEqual(['tcp 443-443 0.0.0.0/0 "the web site"'])
    expect(undeclared(own, runs)).toEqual([])
  })

  test('a prefix list that holds the world is found and its rule goes', async () => {
    const list = await plant.ec2.send(
      new CreateManagedPrefixListCommand({
        ...{ PrefixListName: 'partners', AddressFamily: 'IPv4', MaxEntries: 5 },
        Entries: [{ Cidr: '81.2.69.0/24' }, { Cidr: '0.0.0.0/0' }],
      }),
    )
    const group = await plant.group({ source: list.PrefixList!.PrefixListId! })
    expect(await apply(sshOpen(group))).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(await plant.ingress(group)).toEqual([])
  })

  test('ranges that are large and not the world are left alone', async () => {
    const group = await plant.group(
      { source: '0.0.0.0/16' },
      { source: '10.0.0.0/8' },
      { source: '172.16.0.0/12' },
    )
    const { own, runs } = await apply(sshOpen(group))
    expect(runs).toMatchObject([{ outcome: 'alreadyCompliant' }])
    expect(changes(own)).toEqual([])
  })

  test.each([
    ['a range of ports', 0, 65_535],
    ['all traffic', -1, -1],
  ])('port 22 inside %s: closed, and the plan says what else goes', async (_, port, to) => {
    const group = await plant.group({ source: '0.0.0.0/0', port, to }, { source: '10.0.0.0/8', port, to })
    const { runs } = await apply(sshOpen(group))
    expect(runs).toMatchObject([{ outcome: 'remediated' }])
    expect(runs[0]?.plan?.warnings.join()).toMatch(/also closes/)
    expect(await plant.ingress(group)).toEqual([expect.stringContaining('10.0.0.0/8')])
  })

  test('only the named snapshot, only everybody; its shares and other public snapshots stay', async () => {
    const [named, other] = [await plant.snapshot('all', '111122223333'), await plant.snapshot('all')]
    expect(await apply(snapshotPublic(named))).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(await plant.shares(named)).toEqual(['111122223333'])
    expect(await plant.shares(other)).toEqual(['all'])
  })
})
