import { describe, expect, test } from '@jest/globals'
import { covers, dispose } from '../../src/engine/newest.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { Outcome, Run } from '../../src/store/run.ts'
import { APPROVE, attack, commonPortsOpen, newWorld, sshOpen, start, type World } from './world.ts'

const DAY = 86_400_000
const world = newWorld()
const about = sshOpen(world, 'sg-0web')
const probe = (ports: number[], more: Partial<Finding> = {}) =>
  sshOpen(world, 'sg-0web', { source: 'guardduty', evidence: { groups: ['sg-0web'], ports }, ...more })

/** A closed run as far as the table looks at it; it ended, verified, one minute after the finding. */
function closed(outcome: Outcome, more: Partial<Run> = {}): Run {
  const at = new Date(world.clock.now() + 60_000).toISOString()
  const run = {
    id: 'run-1',
    state: 'closed',
    outcome,
    findings: [about],
    startedAt: at,
    endedAt: at,
    ...more,
  }
  return run as Run
}

describe('the table of a finding for a key that has a run', () => {
  const now = world.clock.now() + 120_000
  const later = sshOpen(world, 'sg-0web', { observedAt: new Date(now).toISOString() })
  const verifiedAt = new Date(world.clock.now() + 60_000).toISOString()
  const hash = 'sha256:1'
  const plan = { hash } as Run['plan']
  const holdUntil = new Date(now + DAY).toISOString()
  const rows: [string, Run | undefined, Finding, number, object][] = [
    ['there is none: new', undefined, about, now, { kind: 'new' }],
    ['it is open: attaches', closed('failed', { state: 'open' }), later, now, { kind: 'attach' }],
    ['it waits: attaches', closed('failed', { state: 'waiting' }), later, now, { kind: 'attach' }],
    ['remediated since: covered', closed('remediated', { verifiedAt }), about, now, { kind: 'covered' }],
    [
      'found right since: covered',
      closed('alreadyCompliant', { verifiedAt }),
      about,
      now,
      { kind: 'covered' },
    ],
    [
      'remediated, but observed later: new',
      closed('remediated', { verifiedAt }),
      later,
      now,
      { kind: 'new' },
    ],
    [
      'remediated, but for another port: new',
      closed('remediated', { verifiedAt, findings: [probe([22])] }),
      probe([22, 80]),
      now,
      { kind: 'new' },
    ],
    ['remediated without a proof: new', closed('remediated'), about, now, { kind: 'new' }],
    [
      'declined: silent for its hash',
      closed('declined', { plan }),
      later,
      now,
      { kind: 'new', silenced: { hash } },
    ],
    [
      'expired: silent for its hash',
      closed('expired', { plan }),
      later,
      now,
      { kind: 'new', silenced: { hash } },
    ],
    ['declined 7 days ago: new', closed('declined', { plan }), later, now + 7 * DAY, { kind: 'new' }],
    ['undone and held: held', closed('undone', { holdUntil }), later, now, { kind: 'held' }],
    ['undone, hold over: new', closed('undone', { holdUntil }), later, now + DAY, { kind: 'new' }],
    ['undone by expiry, never held: new', closed('undone'), later, now, { kind: 'new' }],
    ...(['failed', 'unverified', 'blocked', 'rolledBack', 'notApplicable', 'resourceGone'] as const).map(
      (outcome): [string, Run, Finding, number, object] => [
        `${outcome}: new`,
        closed(outcome),
        about,
        now,
        { kind: 'new' },
      ],
    ),
  ]
  test.each(rows)('%s', (_, newest, finding, at, expected) => {
    const disposition = dispose(newest, [finding], at)

    expect(disposition).toMatchObject(expected)
    expect('silenced' in disposition).toBe('silenced' in expected)
  })

  test('covers what it has seen: each port, address and resource', () => {
    expect(covers([about], sshOpen(world, 'sg-0web', { id: 'another' }))).toBe(true)
    expect(covers([about], commonPortsOpen(world, 'sg-0web'))).toBe(false)
    expect(covers([about], sshOpen(world, 'sg-0other'))).toBe(false)
    expect(covers([probe([22]), probe([80])], probe([80, 22]))).toBe(true)
    expect(covers([probe([22])], probe([80]))).toBe(false)
    expect(covers([attack(world, ['45.9.148.1'])], attack(world, ['45.9.148.2']))).toBe(false)
  })
})

function openGroup(policy?: string): World {
  const fresh = newWorld(policy)
  fresh.aws.groups.add('sg-0web', [{ id: 'sgr-ssh', from: 22, cidr: '0.0.0.0/0' }])
  return fresh
}
const apply = async (here: World, ...findings: Finding[]) =>
  (await start(here).engine.handle(findings, 'apply')).runs

describe('through the engine', () => {
  test('a finding that a proven run covers is answered with that run', async () => {
    const here = openGroup()
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, sshOpen(here, 'sg-0web', { id: 'another detector' }))

    expect(second).toMatchObject({ id: first!.id, outcome: 'remediated' })
    expect(await here.store.list()).toHaveLength(1)
  })

  test('a finding for another port than the proven run’s gets a run of its own', async () => {
    const here = openGroup()
    here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(
      here,
      commonPortsOpen(here, 'sg-0web', { observedAt: '2026-01-01T00:00:00.000Z' }),
    )

    expect(second).toMatchObject({ outcome: 'remediated' })
    expect(here.aws.groups.rules.size).toBe(0)
  })

  test('a finding that the waiting run covers attaches; nobody is asked again', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, sshOpen(here, 'sg-0web', { id: 'another detector' }))

    expect(second).toMatchObject({ id: first!.id, state: 'waiting', round: 1 })
    expect(await here.store.attached(first!.id)).toHaveLength(1)
  })

  test('a finding that the waiting run does not cover attaches, and the wider plan is asked about', async () => {
    const here = openGroup(APPROVE)
    here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const [second] = await apply(here, commonPortsOpen(here, 'sg-0web'))

    expect(second).toMatchObject({ id: first!.id, state: 'waiting', round: 2 })
    expect(second!.plan!.hash).not.toBe(first!.plan!.hash)
    expect(second!.plan!.steps[0]!.call.input.SecurityGroupRuleIds).toEqual(['sgr-rdp', 'sgr-ssh'])
    expect(here.aws.changes()).toEqual([])
  })

  test.each([
    ['looks', 'ec2:DescribeSecurityGroupRules', 1, 'before'],
    ['has looked', 'ec2:DescribeSecurityGroupRules', 1, 'after'],
    ['weighs the impact', 'ec2:DescribeNetworkInterfaces', 1, 'before'],
    ['sends the change', 'ec2:RevokeSecurityGroupIngress', 1, 'before'],
    ['has made the change', 'ec2:RevokeSecurityGroupIngress', 1, 'after'],
    ['proves it', 'ec2:DescribeSecurityGroupRules', 2, 'before'],
    ['has proven it', 'ec2:DescribeSecurityGroupRules', 2, 'after'],
  ] as const)(
    'a finding for another port that another process takes while the run %s is done too, each rule once',
    async (_, on, nth, when) => {
      const here = openGroup()
      here.aws.groups.addRule('sg-0web', { id: 'sgr-rdp', from: 3389, cidr: '0.0.0.0/0' })
      const late: Promise<Run[]>[] = []
      here.aws.fault({ on, nth, [when]: () => void late.push(apply(here, commonPortsOpen(here, 'sg-0web'))) })
      const runs = await apply(here, sshOpen(here, 'sg-0web'))
      const others = (await Promise.all(late)).flat()

      expect(late).toHaveLength(1)
      for (const run of [...runs, ...others])
        expect(await here.store.get(run.id)).toMatchObject({ state: 'closed' })
      expect(others.map(({ outcome }) => outcome)).not.toContain('failed')
      expect(here.aws.groups.rules.size).toBe(0)
      const revoked = here.aws.changes().flatMap(({ input }) => input.SecurityGroupRuleIds as string[])
      expect(revoked.sort()).toEqual(['sgr-rdp', 'sgr-ssh'])
      expect(await here.store.list({ state: ['open', 'waiting'] })).toEqual([])
    },
  )

  test('the same plan stays silent for 7 days after it was declined, then it is asked about', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    await start(here).engine.decline(first!.id, 'needed until Friday')
    here.clock.advance(6 * DAY)
    const [silent] = await apply(here, sshOpen(here, 'sg-0web'))
    here.clock.advance(DAY)
    const [asked] = await apply(here, sshOpen(here, 'sg-0web'))

    expect(silent).toMatchObject({ outcome: 'declined', round: 0 })
    expect(silent?.reason).toContain(
      `needed until Friday (run ${first!.id}); the same plan stays silent until`,
    )
    expect(asked).toMatchObject({ state: 'waiting', waitingFor: 'approval' })
    expect(here.aws.changes()).toEqual([])
  })

  test('another plan is asked about at once, whatever was declined', async () => {
    const here = openGroup(APPROVE)
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    await start(here).engine.decline(first!.id, 'no')
    here.aws.groups.addRule('sg-0web', { id: 'sgr-v6', from: 22, cidr6: '::/0' })
    here.clock.advance(1_000)

    expect(await apply(here, sshOpen(here, 'sg-0web'))).toMatchObject([{ state: 'waiting' }])
  })

  test('a run that failed is followed by a new one', async () => {
    const here = openGroup()
    here.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', kind: 'deny' })
    const [failed] = await apply(here, sshOpen(here, 'sg-0web'))
    here.aws.clearFaults()
    const [again] = await apply(here, sshOpen(here, 'sg-0web'))

    expect([failed, again]).toMatchObject([{ outcome: 'failed' }, { outcome: 'remediated' }])
  })

  test('a resolved finding wakes the waiting run, which looks and closes', async () => {
    const here = openGroup(APPROVE)
    const [waiting] = await apply(here, sshOpen(here, 'sg-0web'))
    here.aws.groups.rules.clear()
    const [closedRun] = await apply(here, sshOpen(here, 'sg-0web', { status: 'resolved' }))

    expect(closedRun).toMatchObject({ id: waiting!.id, state: 'closed', outcome: 'alreadyCompliant' })
    expect(here.aws.changes()).toEqual([])
  })

  test('a resolved finding that is not true leaves the run waiting for its answer', async () => {
    const here = openGroup(APPROVE)
    const [waiting] = await apply(here, sshOpen(here, 'sg-0web'))
    const [still] = await apply(here, sshOpen(here, 'sg-0web', { status: 'resolved' }))

    expect(still).toMatchObject({ id: waiting!.id, state: 'waiting', waitingFor: 'approval' })
    expect(here.aws.changes()).toEqual([])
  })

  test('an undo holds the key for as long as it was asked to, and stays the newest run', async () => {
    const here = openGroup()
    const [first] = await apply(here, sshOpen(here, 'sg-0web'))
    const undoing = start(here, { answer: () => ({ kind: 'approve' }) })
    const [undo] = (await undoing.engine.undo(first!.id, { holdFor: 'PT24H' })).runs
    here.clock.advance(DAY - 60_000)
    const [held] = await apply(here, sshOpen(here, 'sg-0web'))
    const newest = await here.store.newest(undo!.playbook, undo!.key)
    here.clock.advance(60_000)
    const [again] = await apply(here, sshOpen(here, 'sg-0web'))

    expect(undo).toMatchObject({ outcome: 'undone' })
    expect(held).toMatchObject({ outcome: 'exempted', reason: expect.stringContaining(`run ${undo!.id}`) })
    expect(newest).toBe(undo!.id)
    expect(again).toMatchObject({ outcome: 'remediated' })
  })
})
