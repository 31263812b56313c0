import { describe, expect, test } from '@jest/globals'
import { endOf } from '../engine/interrupted-work.ts'
import { Life } from '../engine/killed-process.ts'
import { live, SCENES } from '../engine/scene-per-playbook.ts'
import { AUTO, newWorld } from '../engine/simulated-world.ts'
import { Deployment } from './simulated-deployment.ts'

/** A deployment in which the finding of a scene has been taken in. */
async function taken(scene: (typeof SCENES)[number]) {
  const world = newWorld(AUTO)
  const finding = scene.arrange(world)
  const wanted = scene.wanted(live(world))
  const deployment = new Deployment(world)
  await deployment.findings(finding)
  return { world, deployment, finding, wanted }
}

async function end({ world, deployment }: Awaited<ReturnType<typeof taken>>) {
  const runs = await world.store.list()
  return {
    live: live(world),
    changes: world.aws.changes().length,
    outcomes: runs.map(({ outcome }) => outcome),
    errors: deployment.errors,
    ...(await endOf(world.store)),
  }
}

describe.each(SCENES)('a deployed auto run for $name', (scene) => {
  test('ends the same with one change, wherever its invocation is killed', async () => {
    const undisturbed = await taken(scene)
    const life = new Life()
    await undisturbed.deployment.invoke(life)
    await undisturbed.deployment.settle()
    const wanted = await end(undisturbed)
    expect(wanted).toMatchObject({ changes: 1, outcomes: ['remediated'], errors: [], open: 0, locked: false })
    expect(wanted.live).toEqual(undisturbed.wanted)
    expect(life.points.length).toBeGreaterThan(10)

    for (const point of life.points.keys()) {
      const disturbed = await taken(scene)
      await disturbed.deployment.invoke(new Life(point))
      await disturbed.deployment.settle()
      expect({ killed: life.points[point], ...(await end(disturbed)) }).toEqual({
        killed: life.points[point],
        ...wanted,
      })
    }
  })

  test('changes nothing more for a duplicate, a redelivery and an older version of its finding', async () => {
    const scenery = await taken(scene)
    const { deployment, world, finding } = scenery
    await deployment.settle()
    const older = { ...finding, version: finding.version.replace('#0001', '#0000') }
    const job = deployment.queue.length
    for (const again of [finding, older, finding]) {
      world.clock.advance(600_000)
      await deployment.findings(again)
      await deployment.settle()
    }
    expect(job).toBe(0)
    expect(await end(scenery)).toMatchObject({ changes: 1, errors: [], open: 0, locked: false })
  })
})
