import { beforeAll, expect, test } from '@jest/globals'
import { sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { withDeployment } from './sandbox-deployment.ts'

/** More findings at once than may be put right within an hour. */

const LIMIT = 5
const GROUPS = 60
const deployed = withDeployment({
  policy: () => `version: 1\nrules:\n  - mode: auto\nlimits: { changesPerHour: ${LIMIT} }\n`,
})
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

test('of 60 findings at once exactly 5 are put right, 55 are held, and as many more go on when the window moves', async () => {
  const groups: string[] = []
  for (let n = 0; n < GROUPS; n++) groups.push(await plant.group({ source: '0.0.0.0/0' }))
  await deployed().detect(...groups.map((group) => sshOpen(group)))
  const { store } = deployed()
  const counted = async () => {
    const runs = await store.list()
    return {
      remediated: runs.filter(({ outcome }) => outcome === 'remediated').length,
      held: runs.filter(({ waitingFor }) => waitingFor === 'limit').length,
      changed: groups.filter((group) => deployed().changesOf(group).length > 0).length,
    }
  }
  const untilCounted = (remediated: number) =>
    deployed().until(`${remediated} of ${GROUPS} groups are put right`, async () => {
      const so = await counted()
      return so.remediated >= remediated && so.remediated + so.held === GROUPS ? so : undefined
    })

  expect(await untilCounted(LIMIT)).toEqual({ remediated: 5, held: 55, changed: 5 })
  const [held] = (await store.list()).filter(({ heldBy }) => heldBy)
  expect(held?.heldBy).toMatchObject({ rail: 'limit', scope: 'changes', until: expect.any(String) })

  // Nothing has ended: who sweeps lets nobody go.
  await deployed().sweep()
  await deployed().quiet()
  expect(await counted()).toEqual({ remediated: 5, held: 55, changed: 5 })

  // As if the hour were over: no emulator's clock can be moved.
  await store.clearTokens('changes')
  await deployed().sweep()
  expect(await untilCounted(2 * LIMIT)).toEqual({ remediated: 10, held: 50, changed: 10 })
}, 240_000)
