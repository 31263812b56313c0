import {
  CreateManagedPrefixListCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
} from '@aws-sdk/client-ec2'
import { UpdateIPSetCommand } from '@aws-sdk/client-wafv2'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Fault, FaultRule } from '../../src/sandbox/front/faults.ts'
import { configRule } from '../../src/sandbox/sample-events/config-rule.ts'
import { withSandbox } from '../support/sandbox.ts'
import { newFinding, patchesMissing, probed, snapshotPublic, sshOpen } from './detected-events.ts'
import type { ReportedRun } from './pinned-documents.ts'
import { type PlantedSet, type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'
import { changes, undeclared } from './unplanned-requests.ts'

/**
 * Where other engines were seen to go wrong (the numbers are those of that list of cases), against resources that
 * are really there.
 */

const sandbox = withSandbox({ seed: false })
let plant: Planter
let shared: Record<4 | 6, PlantedSet>
beforeAll(async () => {
  plant = plantIn(sandbox())
  const [v4, v6] = await plant.blockSets([
    { name: 'rectify-block-v4', family: 4, entries: ['185.220.101.7/32'] },
    { name: 'rectify-block-v6', family: 6 },
  ])
  shared = { 4: v4!, 6: v6! }
})
afterEach(() => {
  sandbox().faults.length = 0
})

/** Something goes wrong with this operation, for this program only. */
function strike(own: Program, operation: string, fault: Fault, more: Partial<FaultRule> = {}): void {
  sandbox().faults.push({ operation, fault, ...more, when: ({ accessKey }) => accessKey === own.key })
}

const ONLY_WAF = { when: { playbook: 'wafv2-block-attacker-ip' }, mode: 'auto' }

/** A program with one event. */
function withEvent(event: unknown, policy?: object): Program {
  const own = programIn(sandbox(), policy ? { policy } : {})
  own.write('event.json', event)
  return own
}

/** The block runs of a finding about a probe; the playbook for groups has nothing to do with it here. */
async function block(own: Program, ...args: string[]) {
  const report = await own.report('apply', 'event.json', ...args)
  return { ...report, runs: report.runs.filter(({ playbook }) => playbook === 'wafv2-block-attacker-ip') }
}

/** A finding about somebody who probes the web server; only WAF is asked. */
function probe(ports: Record<number, string[]>, parameters: object = {}, more: object = {}): Program {
  return withEvent(probed({ ports }), { version: 1, rules: [{ ...ONLY_WAF, parameters }], ...more })
}

const IN_THE_WORLD = { source: '0.0.0.0/0' }

describe('truth about what happened', () => {
  /** For each playbook, something to put right and how one sees whether it is. */
  const BROKEN: [
    playbook: string,
    change: string,
    prepare: () => Promise<{ event: unknown; live: () => Promise<unknown> }>,
  ][] = [
    [
      'ec2-close-open-ingress',
      'RevokeSecurityGroupIngress',
      async () => {
        const group = await plant.group(IN_THE_WORLD)
        return { event: sshOpen(group), live: () => plant.ingress(group) }
      },
    ],
    [
      'ec2-unshare-public-snapshot',
      'ModifySnapshotAttribute',
      async () => {
        const snapshot = await plant.snapshot('all')
        return { event: snapshotPublic(snapshot), live: () => plant.shares(snapshot) }
      },
    ],
    [
      'wafv2-block-attacker-ip',
      'UpdateIPSet',
      async () => ({
        event: probed({ ports: { 80: ['45.155.203.1'] } }),
        live: () => plant.entries(shared[4]),
      }),
    ],
    [
      'ssm-patch-instance',
      'SendCommand',
      async () => {
        const instance = await plant.instance()
        const live = async () => sandbox().control.instances.get(instance)?.patches
        return { event: patchesMissing(instance), live }
      },
    ],
  ]
  const of = (runs: ReportedRun[], playbook: string) => runs.find((run) => run.playbook === playbook)

  test.each(BROKEN)(
    '%s, %s denied: failed, and says what was denied to whom',
    async (playbook, change, prepare) => {
      const { event, live } = await prepare()
      const own = withEvent(event)
      const before = await live()
      strike(own, change, { kind: 'deny' })
      const { status, runs } = await own.report('apply', 'event.json')
      const run = of(runs, playbook)
      expect({ status, outcome: run?.outcome }).toEqual({ status: 1, outcome: 'failed' })
      const action = run!.plan!.steps[0]!.permissions[0]!.action
      const principal = 'arn:aws:iam::123456789012:user/sandbox'
      expect(run?.results).toEqual([
        expect.objectContaining({
          status: 'failed',
          error: expect.objectContaining({ name: 'denied', action, principal }),
        }),
      ])
      expect(run?.reason).toContain(`${action} denied for ${principal}`)
      expect(await live()).toEqual(before)
    },
  )

  test.each(BROKEN)('%s, %s answered and not done: never remediated', async (playbook, change, prepare) => {
    const { event, live } = await prepare()
    // What was never started does not end, either: a patch run is waited for as long as it may take.
    const quick = { when: { playbook: 'ssm-patch-instance' }, mode: 'auto', parameters: { timeout: '2s' } }
    const own = withEvent(event, { version: 1, rules: [quick, { mode: 'auto' }] })
    const before = await live()
    strike(own, change, { kind: 'lie' })
    const { status, runs } = await own.report('apply', 'event.json')
    expect({ status, outcome: of(runs, playbook)?.outcome }).toEqual({ status: 1, outcome: 'unverified' })
    expect(await live()).toEqual(before)
  })

  test.each(BROKEN)(
    '%s, the answer to %s is lost: read back, one change, remediated',
    async (playbook, change, prepare) => {
      const { event } = await prepare()
      const own = withEvent(event)
      strike(own, change, { kind: 'swallow' }, { count: 1 })
      const { status, runs } = await own.report('apply', 'event.json')
      expect({ status, outcome: of(runs, playbook)?.outcome }).toEqual({ status: 0, outcome: 'remediated' })
      expect(of(runs, playbook)?.results).toMatchObject([{ error: null }])
      if (change === 'SendCommand') {
        expect(changes(own)).toHaveLength(1)
        expect(of(runs, playbook)?.results).toMatchObject([{ status: 'alreadyDone', evidence: 'mark' }])
      }
    },
  )

  test('one of two changes denied: each run says for itself what came of it', async () => {
    const [first, second] = [await plant.group(IN_THE_WORLD), await plant.group(IN_THE_WORLD)]
    const own = programIn(sandbox())
    own.write('1.json', sshOpen(first))
    own.write('2.json', sshOpen(second))
    sandbox().faults.push({
      fault: { kind: 'deny' },
      when: (request) =>
        request.operation === 'RevokeSecurityGroupIngress' && request.input.GroupId === second,
    })
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
    sandbox().faults.push({
      operation: 'RevokeSecurityGroupIngress',
      when: ({ accessKey, input }) => accessKey === own.key && input.GroupId === goes,
      fault: { kind: 'hook', before },
      count: 1,
    })
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

  test.each([
    ['IPv4 only', ['0.0.0.0/0']],
    ['IPv6 only', ['::/0']],
    ['both', ['0.0.0.0/0', '::/0']],
    ['two halves', ['0.0.0.0/1', '128.0.0.0/1']],
    ['four quarters', ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2']],
    ['two IPv6 halves', ['::/1', '8000::/1']],
    ['all that is routed of IPv6', ['2000::/3']],
  ])('%s: found and closed', async (_, sources) => {
    const group = await plant.group(...sources.map((source) => ({ source })), { source: '10.0.0.0/8' })
    const { status, runs } = await apply(sshOpen(group))
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'remediated' })
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8'])
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

describe('blocking an address', () => {
  test('private, loopback, metadata and allow-listed addresses are refused, with the reason', async () => {
    const harmless = ['10.0.0.5', '127.0.0.1', '169.254.169.254', '198.18.0.9', '45.155.202.77']
    const own = probe({ 80: harmless }, {}, { never: { addresses: ['45.155.202.0/24'] } })
    const { status, runs } = await block(own)
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'notApplicable' })
    for (const address of harmless) expect(runs[0]?.reason).toContain(address)
    expect(changes(own)).toEqual([])
  })

  test('where our side is the one that acts, nobody is blocked', async () => {
    const event = JSON.stringify(probed({ ports: { 80: ['45.155.201.1'] } }))
    const own = withEvent(event.replace('"resourceRole":"TARGET"', '"resourceRole":"ACTOR"'))
    expect((await block(own)).runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(changes(own)).toEqual([])
  })

  test('IPv6 goes into its own set, an IPv4 address in IPv6 clothes into that of IPv4', async () => {
    const own = probe({ 80: ['2a0b:f4c2:0:0::99', '::ffff:45.155.205.77'] })
    const { status, runs } = await block(own)
    expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
      status: 0,
      outcomes: ['remediated', 'remediated'],
    })
    expect(await plant.entries(shared[4])).toContain('45.155.205.77/32')
    expect(await plant.entries(shared[6])).toEqual(['2a0b:f4c2:0000:0000:0000:0000:0000:0099/128'])
  })

  test('eight addresses on four ports are blocked by one update', async () => {
    const addresses = Array.from({ length: 8 }, (_, n) => `45.155.200.${n + 1}`)
    const [a, b, c, d] = [0, 2, 4, 6].map((n) => addresses.slice(n, n + 2))
    const own = probe({ 80: a!, 443: b!, 8080: c!, 8443: d! })
    expect(await block(own)).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(changes(own)).toHaveLength(1)
    const entries = await plant.entries(shared[4])
    expect(entries).toEqual(expect.arrayContaining(addresses.map((address) => `${address}/32`)))
    expect(entries).toContain('185.220.101.7/32')
  })

  test('somebody writes to the set between our read and our write: tried again, their entry survives', async () => {
    const own = probe({ 80: ['45.155.199.1'] })
    const before = () => plant.alsoBlock(shared[4], '91.240.118.5/32')
    strike(own, 'UpdateIPSet', { kind: 'hook', before }, { count: 1 })
    expect(await block(own)).toMatchObject({ status: 0, runs: [{ outcome: 'remediated' }] })
    expect(changes(own).map(({ status }) => status)).toEqual([400, 200])
    expect(await plant.entries(shared[4])).toEqual(
      expect.arrayContaining(['45.155.199.1/32', '91.240.118.5/32']),
    )
  })

  test('blocks end; seen again the end moves; with the last one the set is empty', async () => {
    const [set] = await plant.blockSets([{ name: 'for-seconds', family: 4 }])
    const parameters = { ipv4Set: 'for-seconds', expiresAfter: '2s' }
    const own = probe({ 80: ['45.155.198.1'] }, parameters)
    const first = await block(own)
    expect(first).toMatchObject({ runs: [{ outcome: 'remediated' }] })
    own.write('event.json', probed({ ports: { 80: ['45.155.198.1'] }, finding: newFinding() }))
    const longer = JSON.parse(own.read('rectify.yaml'))
    longer.rules[0].parameters.expiresAfter = '5s'
    own.write('rectify.yaml', longer)
    const again = await block(own)
    expect(again).toMatchObject({ runs: [{ outcome: 'alreadyCompliant' }] })
    const end = Date.parse(again.runs[0]!.endedAt!) + 5000

    const swept = await sweptUntil(own, ({ outcome }) => outcome === 'undone')
    expect(Date.now()).toBeGreaterThanOrEqual(end)
    expect(swept).toMatchObject({ undoOf: first.runs[0]!.run, mode: 'auto' })
    expect(await plant.entries(set!)).toEqual([])
    expect(changes(own)).toHaveLength(2)
  })

  test('a full set takes no more and loses none; the program says so', async () => {
    const full = Array.from(
      { length: 10_000 },
      (_, n) => `45.${100 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/32`,
    )
    const [set] = await plant.blockSets([{ name: 'full', family: 4, entries: full }])
    const own = probe({ 80: ['45.155.197.1'] }, { ipv4Set: 'full' })
    const { status, runs } = await block(own)
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'notApplicable' })
    expect(runs[0]?.reason).toContain('full')
    expect(await plant.entries(set!)).toHaveLength(10_000)
  })

  test.each([
    ['no rule blocks on it', () => plant.blockSets([])],
    [
      'the web ACL protects nothing',
      () => plant.blockSets([{ name: 'unattached', family: 4 }], { attached: false }),
    ],
  ])('a set that blocks nothing, because %s, is not written to', async (why, prepare) => {
    await prepare()
    const name = why.startsWith('no rule') ? 'no-such-set' : 'unattached'
    const own = probe({ 80: ['45.155.196.1'] }, { ipv4Set: name })
    const { runs } = await block(own)
    expect(runs).toMatchObject([{ outcome: 'notApplicable' }])
    expect(runs[0]?.reason).toContain('aws wafv2 ')
    expect(changes(own)).toEqual([])
  })

  /** Sweeps until a run ends so; at most for half a minute. */
  async function sweptUntil(own: Program, ends: (run: ReportedRun) => boolean): Promise<ReportedRun> {
    const start = Date.now()
    while (Date.now() - start < 30_000) {
      const run = (await own.report('sweep')).runs.find(ends)
      if (run) return run
    }
    throw new Error('swept for half a minute, and nothing of the kind has ended')
  }
})

test('a set that somebody else empties meanwhile is not filled again by an expiry', async () => {
  const [set] = await plant.blockSets([{ name: 'emptied', family: 4 }])
  const own = probe({ 80: ['45.155.195.1'] }, { ipv4Set: 'emptied', expiresAfter: '1s' })
  await block(own)
  const where = { Name: set!.name, Id: set!.id, Scope: 'REGIONAL' } as const
  await plant.wafv2.send(
    new UpdateIPSetCommand({ ...where, LockToken: await plant.lockToken(set!), Addresses: [] }),
  )
  for (let turn = 0; turn < 6; turn++) await own.report('sweep')
  expect(await plant.entries(set!)).toEqual([])
  expect(changes(own)).toHaveLength(1)
})
