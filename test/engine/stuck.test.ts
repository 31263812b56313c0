import { expect, test } from '@jest/globals'
import { stuckRuns } from '../../src/engine/sweeping.ts'
import type { Run } from '../../src/run/run.ts'
import { Deployment } from '../lambda/simulated-deployment.ts'
import { aRun, commitOf, taking } from '../store/example-commits.ts'
import { asked, openGroup } from './approval-scenes.ts'
import { AUTO, sshOpen, type World } from './simulated-world.ts'

const HOUR = 3_600_000

/** How many runs are stuck so many hours after this one began. */
const stuckAfter =
  ({ store }: World, { startedAt }: Run) =>
  async (hours: number) => {
    const now = () => Date.parse(startedAt) + hours * HOUR + 60_000
    return (await stuckRuns({ store, clock: { now, sleep: async () => undefined } })).length
  }

/** A run that waits for a person, and how many runs are stuck so many hours after it began. */
async function waiting() {
  const world = openGroup()
  const run = await asked(world)
  return { world, run, stuckAfter: stuckAfter(world, run) }
}

test('a run that waits for a lock is stuck two hours after the sweeper should have looked at it', async () => {
  const world = openGroup(AUTO)
  const { aws, store, clock } = world
  const resource = `arn:aws:ec2:${aws.region}:${aws.account}:security-group/sg-0web`
  const until = clock.now() + HOUR
  await store.commit(commitOf(aRun('holder'), { lock: taking('another', { resource, until }) }))
  const deployment = new Deployment(world)
  await deployment.findings(sshOpen(world, 'sg-0web'))
  await deployment.invoke()
  const waits = await store.list({ state: ['waiting'] })
  expect(waits).toMatchObject([{ resource, waitingFor: 'lock' }])
  const after = stuckAfter(world, waits[0]!)
  expect([await after(2), await after(2.5)]).toEqual([0, 1])
})

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
