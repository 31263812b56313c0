import { expect, test } from '@jest/globals'
import { stuckRuns } from '../../src/engine/sweeping.ts'
import { APPROVE, newWorld, sshOpen, start } from './simulated-world.ts'

const HOUR = 3_600_000

/** A run that waits for a person, and how many runs are stuck so many hours after it began. */
async function waiting() {
  const world = newWorld(APPROVE)
  world.aws.groups.add('sg-0web', [{ from: 22, cidr: '0.0.0.0/0' }])
  const { engine } = start(world)
  const [run] = (await engine.handle([sshOpen(world, 'sg-0web')], 'apply')).runs
  const began = Date.parse(run!.startedAt)
  const stuckAfter = async (hours: number) =>
    (
      await stuckRuns({
        store: world.store,
        clock: { now: () => began + hours * HOUR + 60_000, sleep: async () => undefined },
      })
    ).length
  return { world, run: run!, stuckAfter }
}

test('a run that waits for a person is stuck two hours after its time', async () => {
  const { stuckAfter } = await waiting()
  expect([await stuckAfter(25.8), await stuckAfter(26)]).toEqual([0, 1])
})

test('a run is stuck two hours after a person decided', async () => {
  const { world, run, stuckAfter } = await waiting()
  const by = 'arn:aws:iam::123456789012:user/ann'
  const at = world.clock.iso()
  await world.store.decide(run.id, { verdict: 'approve', by, at, hash: run.plan!.hash }, world.clock.now())
  expect([await stuckAfter(1.8), await stuckAfter(2)]).toEqual([0, 1])
})
