import { describe, expect, test } from '@jest/globals'
import type { Decision, Run } from '../../src/run/run.ts'
import { arn, openGroup, opensMeanwhile } from '../engine/approval-scenes.ts'
import { endOf } from '../engine/interrupted-work.ts'
import { Life } from '../engine/killed-process.ts'
import { sshOpen, unpatched } from '../engine/simulated-world.ts'
import { Deployment, patching } from './simulated-deployment.ts'

/** A deployment whose next message carries a run to its end, and the run leaves something. */
interface Scene {
  name: string
  arrange(): Promise<Deployment>
  /** How each run ends, newest first. */
  outcomes: (string | null)[]
}

const approved: Scene = {
  name: 'work that appeared while the approved change was made',
  async arrange() {
    const world = openGroup()
    const deployment = new Deployment(world)
    await deployment.findings(sshOpen(world, 'sg-0web'))
    await deployment.invoke()
    opensMeanwhile(world)
    const [run] = await world.store.list()
    await decide(deployment, run!, 'approve')
    return deployment
  },
  outcomes: [null, 'unverified'],
}

const settled: Scene = {
  name: 'other evidence that came in while the command ran',
  async arrange() {
    const { world, deployment } = await patching()
    const resources = [{ type: 'AWS::EC2::Instance', id: 'i-00000web' }]
    await deployment.findings({ ...unpatched(world, 'i-00000web'), id: 'another rule', resources })
    await deployment.invoke()
    world.clock.advance(300_000)
    const [timer] = deployment.timers.splice(0)
    await deployment.send(timer!.message, timer!.resource, 'timer')
    return deployment
  },
  outcomes: ['alreadyCompliant', 'remediated'],
}

async function decide(
  deployment: Deployment,
  { id, plan, resource, revision }: Run,
  verdict: Decision['verdict'],
) {
  const { store, clock } = deployment.world
  await store.decide(id, { verdict, by: arn('ann'), at: clock.iso(), hash: plan!.hash }, clock.now())
  await deployment.waker(new Life()).now({ id, resource }, 'decision', revision)
}

async function ends({ world, queue, errors }: Deployment) {
  const runs = await world.store.list()
  const asks = runs.filter(({ waitingFor }) => waitingFor === 'approval').length
  const { open, locked } = await endOf(world.store)
  return { outcomes: runs.map(({ outcome }) => outcome), stuck: open - asks, locked, queue, errors }
}

describe.each([approved, settled])('$name', ({ arrange, outcomes }) => {
  test('gets its run, wherever the invocation that a wake-up began is killed', async () => {
    const wanted = { outcomes, stuck: 0, locked: false, queue: [], errors: [] }
    const undisturbed = await arrange()
    const life = new Life()
    await undisturbed.invoke(life)
    expect(await ends(undisturbed)).toEqual(wanted)
    expect(life.points.length).toBeGreaterThan(10)

    for (const point of life.points.keys()) {
      const deployment = await arrange()
      await deployment.invoke(new Life(point))
      await deployment.settle()
      expect({ killed: life.points[point], ...(await ends(deployment)) }).toEqual({
        killed: life.points[point],
        ...wanted,
      })
    }
  })
})

test('what a run left is not begun once more by a late wake-up, however the run for it ended', async () => {
  const deployment = await approved.arrange()
  const { store, clock } = deployment.world
  await deployment.invoke()
  const [second, first] = await store.list()
  await decide(deployment, second!, 'decline')
  await deployment.invoke()
  clock.advance(300_000)
  await deployment.waker(new Life()).now(first!, 'sweep', first!.revision)
  await deployment.invoke()
  expect((await ends(deployment)).outcomes).toEqual(['declined', 'unverified'])
})
