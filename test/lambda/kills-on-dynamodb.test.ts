import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, describe, expect, test } from '@jest/globals'
import { sameJson } from '../../src/playbook/json.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { endOf } from '../engine/interrupted-work.ts'
import { Life } from '../engine/killed-process.ts'
import { live, SCENES } from '../engine/scene-per-playbook.ts'
import { AUTO, newWorld } from '../engine/simulated-world.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { Deployment } from './simulated-deployment.ts'

const endpoint = withMinistack()
let client: DynamoDBClient | undefined
afterAll(() => client?.destroy())

/** A deployment that has taken in the finding of a scene, its runs in a table of their own. */
async function taken(scene: (typeof SCENES)[number]) {
  client ??= dynamoClient(endpoint())
  const world = { ...newWorld(AUTO), store: dynamoStore(client, await newRunTable(client)) }
  const finding = scene.arrange(world)
  const wanted = scene.wanted(live(world))
  const deployment = new Deployment(world)
  await deployment.findings(finding)
  return { world, deployment, wanted }
}

/** Carries the first invocations, the nth of them (from 0) with this life, and then all that is left. */
async function carried(scene: (typeof SCENES)[number], nth: number, life: Life) {
  const { world, deployment, wanted } = await taken(scene)
  for (let invocation = 0; invocation <= nth; invocation++) {
    const [timer] = deployment.timers.splice(0)
    if (timer) {
      world.clock.advance(Math.max(0, timer.at - world.clock.now()))
      await deployment.send(timer.message, timer.resource, JSON.stringify(timer.message))
    }
    await deployment.invoke(invocation === nth ? life : new Life())
  }
  await deployment.settle()
  const runs = await world.store.list()
  return {
    live: sameJson(live(world), wanted),
    changes: world.aws.changes().length,
    outcomes: runs.map(({ outcome }) => outcome),
    errors: deployment.errors,
    ...(await endOf(world.store)),
  }
}

const WELL = { live: true, changes: 1, outcomes: ['remediated'], errors: [], open: 0, locked: false }

describe.each([
  ['an open group', 0],
  ['an unpatched instance', 0],
  ['an unpatched instance', 1],
] as const)('a deployed run for %s, its runs on DynamoDB', (name, nth) => {
  test(`ends the same with one change, wherever invocation ${nth + 1} is killed`, async () => {
    const scene = SCENES.find((one) => one.name === name)!
    const life = new Life()
    expect(await carried(scene, nth, life)).toEqual(WELL)
    expect(life.points.length).toBeGreaterThan(5)
    for (const [point, killed] of life.points.entries()) {
      expect({ killed, ...(await carried(scene, nth, new Life(point))) }).toEqual({ killed, ...WELL })
    }
  }, 120_000)
})
