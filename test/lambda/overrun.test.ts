import { describe, expect, test } from '@jest/globals'
import { finding, newWorld } from '../engine/simulated-world.ts'
import { twoSteps } from '../engine/two-step-playbook.ts'
import { Deployment } from './simulated-deployment.ts'

const SHARE = 'ec2:ModifySnapshotAttribute'
/** Longer than an invocation. */
const TOO_LONG_MS = 130_000

/** Two public snapshots, found; AWS takes a call to stop sharing one of them longer than the invocation lasts. */
async function slow({ nth, together = false }: { nth: number; together?: boolean }) {
  const world = newWorld()
  for (const id of ['snap-0a', 'snap-0b']) world.aws.ec2.addSnapshot(id)
  const deployment = new Deployment(world)
  deployment.playbooks = [twoSteps({ together })]
  const resources = [{ type: 'AWS::EC2::Snapshot', id: 'snap-0a' }]
  await deployment.findings(finding(world, { source: 'config', type: 'TWO_STEPS', resources }))
  world.aws.fault({ on: SHARE, nth, dryRun: false, delayMs: TOO_LONG_MS })
  return { world, deployment, changed: () => world.aws.changes().map(({ input }) => input.SnapshotId) }
}

describe('when its invocation is over in the middle of a plan', () => {
  test('a run starts no further change, and is carried on by another', async () => {
    const { world, deployment, changed } = await slow({ nth: 1 })
    await deployment.invoke()
    expect(changed()).toEqual(['snap-0a'])
    const [run] = await world.store.list()
    expect(run).toMatchObject({ state: 'open', results: [{ step: 'snap-0a', status: 'applied' }] })

    await deployment.settle()
    expect(await world.store.list()).toMatchObject([{ outcome: 'remediated' }])
    expect(changed()).toEqual(['snap-0a', 'snap-0b'])
    expect(deployment.errors).toEqual([])
  })

  test('a run takes nothing back any more either, and says so', async () => {
    const { world, deployment, changed } = await slow({ nth: 2, together: true })
    world.aws.fault({ on: SHARE, nth: 2, dryRun: false, kind: 'deny' })
    await deployment.invoke()
    await deployment.settle()
    expect(await world.store.list()).toMatchObject([
      { outcome: 'failed', reason: expect.stringContaining('no time was left to take back') },
    ])
    expect(changed()).toEqual(['snap-0a', 'snap-0b'])
  })
})
