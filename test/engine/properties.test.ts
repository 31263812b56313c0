import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Finding } from '../../src/findings/finding.ts'
import { anyRules, rulesOf } from './arbitrary-rules.ts'
import { expectOnlyPlanned, watchSetWrites } from './calls-as-planned.ts'
import { BALANCER, live } from './scene-per-playbook.ts'
import { attack, newWorld, publicSnapshot, sshOpen, start, type World } from './simulated-world.ts'

const NUM_RUNS = { numRuns: 150 }

/** Applies, then plans and applies once more: by then there is nothing to do. */
async function applyTwice(world: World, about: Finding) {
  const held = watchSetWrites(world)
  const { engine } = start(world)
  const [run] = (await engine.handle([about], 'apply')).runs
  const changes = world.aws.changes().length
  expectOnlyPlanned(world, run!, held)
  // Observed later: an answer from the first run's proof would not do.
  const again = { ...about, observedAt: new Date(world.clock.now() + 1_000).toISOString() }
  const planned = await engine.handle([again], 'plan')
  const applied = await engine.handle([again], 'apply')

  expect(world.aws.changes()).toHaveLength(changes)
  return { run, again: [...planned.runs, ...applied.runs].map(({ outcome }) => outcome) }
}

describe('planning is idempotent', () => {
  test('for any group: what was put right is right, and every other rule is still there', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, async (rules) => {
        const world = newWorld()
        world.aws.groups.add('sg-0any', rules)
        const before = [...world.aws.groups.rules.keys()]
        const { run, again } = await applyTwice(world, sshOpen(world, 'sg-0any'))

        expect(['remediated', 'alreadyCompliant']).toContain(run?.outcome)
        expect(again).toEqual(['alreadyCompliant', 'alreadyCompliant'])
        const revoked = (run?.plan?.steps[0]?.call.input.SecurityGroupRuleIds ?? []) as string[]
        expect([...world.aws.groups.rules.keys()]).toEqual(before.filter((id) => !revoked.includes(id)))
      }),
      NUM_RUNS,
    )
  })

  test('for any shares of a snapshot: only the group all goes', async () => {
    const account = fc.stringMatching(/^[0-9]{12}$/).map((UserId) => ({ UserId }))
    const everybody = fc.constant({ Group: 'all' as const })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.oneof(account, everybody), { maxLength: 5 }), async (shares) => {
        const world = newWorld()
        world.aws.ec2.addSnapshot('snap-0any', shares)
        const { again } = await applyTwice(world, publicSnapshot(world, 'snap-0any'))

        expect(again).toEqual(['alreadyCompliant', 'alreadyCompliant'])
        expect(world.aws.ec2.permissions.get('snap-0any')).toEqual(shares.filter((one) => 'UserId' in one))
      }),
      NUM_RUNS,
    )
  })

  test('for any set and attackers: the set grows by the attackers and loses nothing', async () => {
    const address = fc.integer({ min: 1, max: 40 }).map((n) => `45.155.205.${n}`)
    const some = fc.uniqueArray(address, { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(some, some, async (there, attackers) => {
        const world = newWorld()
        const held = there.map((one) => `${one}/32`)
        const set = world.aws.wafv2.addSet('rectify-block-v4', held)
        world.aws.wafv2.addBlockingAcl('web', set, [BALANCER])
        const { again } = await applyTwice(world, attack(world, attackers))

        expect(again).toEqual(['alreadyCompliant', 'alreadyCompliant'])
        const missing = attackers.map((one) => `${one}/32`).filter((entry) => !held.includes(entry))
        expect(set.Addresses).toEqual([...held, ...missing.sort()])
      }),
      NUM_RUNS,
    )
  })
})

describe('apply and undo', () => {
  test('leave any group as it was, but for ids that EC2 makes anew', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, async (rules) => {
        const world = newWorld()
        world.aws.groups.add('sg-0any', rules)
        const before = rulesOf(live(world))
        const [run] = (await start(world).engine.handle([sshOpen(world, 'sg-0any')], 'apply')).runs
        fc.pre(run?.outcome === 'remediated')
        expect(rulesOf(live(world))).not.toEqual(before)

        const { engine } = start(world, { answer: () => ({ kind: 'approve' }) })
        const { runs } = await engine.undo(run!.id, { restFor: 'PT24H' })
        expect(runs).toMatchObject([{ outcome: 'undone' }])
        expect(rulesOf(live(world))).toEqual(before)
      }),
      NUM_RUNS,
    )
  })
})
