import { describe, expect, test } from '@jest/globals'
import type { Run } from '../../src/run/run.ts'
import { untilDeath } from './interrupted-work.ts'
import { Life, startMortal } from './killed-process.ts'
import { AUTO, finding, kill, newWorld, policyOf, sshOpen, start, type World } from './simulated-world.ts'

/** So many changes and no more: what is over waits for its turn, and goes on by itself. */

const HOUR = 3_600_000
const group = (n: number) => `sg-${String(n).padStart(17, '0')}`

function withGroups(policy: string, count: number): World {
  const world = newWorld(policy)
  for (let n = 0; n < count; n++)
    world.aws.groups.add(group(n), [{ id: `sgr-${n}`, from: 22, cidr: '0.0.0.0/0' }])
  return world
}
const findings = (world: World, from: number, to: number, more = {}) =>
  Array.from({ length: to - from }, (_, n) => sshOpen(world, group(from + n), more))
const apply = async (world: World, about: ReturnType<typeof findings>) =>
  (await start(world).engine.handle(about, 'apply')).runs
const sweep = async (world: World) => (await start(world).engine.sweep()).runs
function tally(runs: readonly Pick<Run, 'outcome' | 'waitingFor'>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outcome, waitingFor } of runs) {
    const end = outcome ?? waitingFor ?? 'open'
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}

describe('changes per hour', () => {
  const LIMITED = `${AUTO}limits: { changesPerHour: 5 }\n`

  test('exactly so many of sixty are made, the others are held and say until when', async () => {
    const world = withGroups(LIMITED, 60)
    const runs = await apply(world, findings(world, 0, 60))

    expect(tally(runs)).toEqual({ remediated: 5, limit: 55 })
    expect(world.aws.changes()).toHaveLength(5)
    expect(runs.find(({ heldBy }) => heldBy)?.heldBy).toMatchObject({
      rail: 'limit',
      scope: 'changes',
      reason: 'limit changesPerHour: 5 changes within the hour',
      until: expect.any(String),
    })
  })

  test('they go on by themselves when the window moves, so many at a time', async () => {
    const world = withGroups(LIMITED, 12)
    await apply(world, findings(world, 0, 12))
    expect(await sweep(world)).toEqual([])
    const made: number[] = []
    for (let hours = 0; hours < 3; hours++) {
      world.clock.advance(HOUR + 60_000)
      await sweep(world)
      made.push(world.aws.changes().length)
    }
    expect(made).toEqual([10, 12, 12])
    expect(tally(await world.store.list())).toEqual({ remediated: 12 })
  })

  test('the severest first, and of these the one that has waited longest', async () => {
    const world = withGroups(`${AUTO}limits: { changesPerHour: 1 }\n`, 4)
    await apply(world, findings(world, 0, 1))
    await apply(world, findings(world, 1, 2, { severity: 'LOW' }))
    await apply(world, findings(world, 2, 3, { severity: 'HIGH' }))
    await apply(world, findings(world, 3, 4, { severity: 'HIGH' }))
    for (let n = 0; n < 3; n++) {
      world.clock.advance(HOUR + 60_000)
      await sweep(world)
    }
    expect(world.aws.changes().map(({ input }) => input.GroupId)).toEqual([0, 2, 3, 1].map(group))
  })

  test('one finding about three resources makes one change where one is allowed, and says what is held', async () => {
    const world = withGroups(`${AUTO}limits: { changesPerHour: 1 }\n`, 3)
    const resources = [0, 1, 2].map((n) => ({ type: 'AWS::EC2::SecurityGroup', id: group(n) }))
    const { source, type } = sshOpen(world, group(0))

    expect(tally(await apply(world, [finding(world, { source, type, resources })]))).toEqual({
      remediated: 1,
      limit: 2,
    })
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('a limit that is lowered, or a rule that turns stricter, while a run is held counts when it goes on', async () => {
    const world = withGroups(`${AUTO}limits: { changesPerHour: 1 }\n`, 2)
    await apply(world, findings(world, 0, 2))
    world.policy = policyOf('version: 1\nrules:\n  - mode: rehearse\nlimits: { changesPerHour: 1 }\n')
    world.clock.advance(HOUR + 60_000)

    expect(tally(await sweep(world))).toEqual({ rehearsed: 1 })
    expect(world.aws.changes()).toHaveLength(1)
  })

  test('what changes nothing counts for nothing', async () => {
    const world = withGroups(LIMITED, 8)
    for (let n = 0; n < 5; n++) world.aws.groups.rules.delete(`sgr-${n}`)

    expect(tally(await apply(world, findings(world, 0, 8)))).toEqual({ alreadyCompliant: 5, remediated: 3 })
  })

  test('an undo is a person’s word and is not limited', async () => {
    const world = withGroups(`${AUTO}limits: { changesPerHour: 1 }\n`, 1)
    const [done] = await apply(world, findings(world, 0, 1))
    const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })

    expect((await engine.undo(done!.id, { restFor: 'PT1H' })).runs).toMatchObject([{ outcome: 'undone' }])
  })

  test('a limit that cannot be counted lets nothing happen', async () => {
    const world = withGroups(LIMITED, 1)
    const store = { ...world.store, takeToken: () => Promise.reject(new Error('no table')) }
    const { engine } = start(world, { store })

    await expect(engine.handle(findings(world, 0, 1), 'apply')).rejects.toThrow('no table')
    expect(world.aws.changes()).toEqual([])
  })
})

test('an account’s own limit holds that account only', async () => {
  const world = withGroups(`${AUTO}limits: { changesPerAccountPerHour: 2, changesPerHour: 100 }\n`, 5)
  const runs = await apply(world, findings(world, 0, 5))

  expect(tally(runs)).toEqual({ remediated: 2, limit: 3 })
  expect(runs.find(({ heldBy }) => heldBy)?.heldBy?.scope).toBe(`changes account ${world.aws.account}`)
  // What the narrow limit refused has taken nothing of the wide one.
  expect(await world.store.tokens('changes', world.clock.now())).toHaveLength(2)
})

test('a run that would affect more than the limit asks first', async () => {
  const world = newWorld(`${AUTO}limits: { affected: 1 }\n`)
  world.aws.groups.add(group(0), [{ id: 'sgr-0', from: 22, cidr: '0.0.0.0/0' }])
  for (const id of ['eni-0a', 'eni-0b']) world.aws.ec2.addInterface(id, [group(0)])

  expect(await apply(world, findings(world, 0, 1))).toMatchObject([
    {
      waitingFor: 'approval',
      plan: { warnings: expect.arrayContaining([expect.stringContaining('the limit affected is 1')]) },
    },
  ])
})

describe('attempts', () => {
  const REVOKE = 'ec2:RevokeSecurityGroupIngress'
  const ATTEMPTS = `${AUTO}limits: { attempts: { times: 2, within: 1d } }\n`

  test('that went wrong so often exempt the resource from the playbook, told by the last', async () => {
    const world = withGroups(ATTEMPTS, 2)
    world.aws.fault({ on: REVOKE, kind: 'deny', dryRun: false })
    const runs = [await apply(world, findings(world, 0, 1)), await apply(world, findings(world, 0, 1))].flat()

    expect(runs.map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
    expect(runs[1]!.warnings).toEqual([expect.stringContaining('leaves')])
    const [third] = await apply(world, findings(world, 0, 1))
    expect(third).toMatchObject({
      outcome: 'exempted',
      reason: expect.stringMatching(/^exempted by rectify until .*: 2 attempts went wrong within P1D/),
    })
    expect(await apply(world, findings(world, 1, 2))).toMatchObject([{ outcome: 'failed' }])
    world.clock.advance(25 * HOUR)
    expect(await apply(world, findings(world, 0, 1))).toMatchObject([{ outcome: 'failed' }])
  })
})

test('attempts that a process has counted before it died give no second exemption', async () => {
  const world = withGroups(`${AUTO}limits: { attempts: { times: 1, within: 1d } }\n`, 1)
  world.aws.fault({ on: 'ec2:RevokeSecurityGroupIngress', kind: 'deny', dryRun: false })
  const life = new Life('after store.putExemption')
  const process = startMortal(world, life)
  await untilDeath(process.engine.handle(findings(world, 0, 1), 'apply'))
  expect(life.isOver).toBe(true)
  kill(world, process)
  world.clock.advance(HOUR)
  const [run] = await sweep(world)
  expect(run).toMatchObject({ outcome: 'failed' })
  expect(await world.store.exemptions()).toMatchObject([{ id: run!.id, origin: 'attempts' }])
})

describe('a breaker', () => {
  const REVOKE = 'ec2:RevokeSecurityGroupIngress'
  const BREAKER = `${AUTO}limits: { breaker: { failures: 2, within: 1h, retryAfter: 4h } }\n`

  test('opens after so many failures, lets one try again, and closes when that works', async () => {
    const world = withGroups(BREAKER, 8)
    world.aws.fault({ on: REVOKE, kind: 'deny', dryRun: false })
    await apply(world, findings(world, 0, 1))
    await apply(world, findings(world, 1, 2))
    const held = await apply(world, findings(world, 2, 5))
    expect(tally(held)).toEqual({ breaker: 3 })

    world.clock.advance(4 * HOUR + 60_000)
    const calls = world.aws.changes().length
    expect(tally(await sweep(world))).toMatchObject({ failed: 1, breaker: 2 })
    expect(world.aws.changes().length - calls).toBeLessThanOrEqual(1)

    world.aws.clearFaults()
    world.clock.advance(4 * HOUR + 60_000)
    await sweep(world)
    world.clock.advance(4 * HOUR + 60_000)
    await sweep(world)
    expect(tally(await apply(world, findings(world, 5, 8)))).toEqual({ remediated: 3 })
  })
})

describe('a fight', () => {
  const OTHER = 'arn:aws:sts::123456789012:assumed-role/terraform/ci'
  const FIGHTS = `${AUTO}limits: { fights: { times: 3, within: 1d } }\n`

  test('with somebody who puts it back each time ends with a person, who is told of whom', async () => {
    const world = withGroups(FIGHTS, 1)
    const outcomes: unknown[] = []
    for (let round = 0; round < 4; round++) {
      if (round > 0) world.aws.groups.addRule(group(0), { id: `sgr-0b${round}`, from: 22, cidr: '0.0.0.0/0' })
      world.clock.advance(60_000)
      const [run] = await apply(world, findings(world, 0, 1, { evidence: { principal: OTHER } }))
      outcomes.push(run!.outcome ?? run!.waitingFor)
      if (round === 3) {
        expect(run!.plan!.warnings).toEqual(
          expect.arrayContaining([`put right 3 times within P1D, and undone each time by ${OTHER}`]),
        )
      }
    }
    expect(outcomes).toEqual(['remediated', 'remediated', 'remediated', 'approval'])
  })
})
