import { beforeAll, expect, test } from '@jest/globals'
import type { BusEvent } from '../../../src/sandbox/stack/detectors.ts'
import { isForStack } from '../../../src/sandbox/stack/routes.ts'
import { commonPortsOpen, sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { withDeployment } from './sandbox-deployment.ts'

/** Many findings at once, most of them about the same things. */

const RESOURCES = 50
const deployed = withDeployment()
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

test('200 findings about 50 groups at once: every group is right, changed once at most, and nothing is lost', async () => {
  const groups: string[] = []
  for (let n = 0; n < RESOURCES; n++) {
    groups.push(await plant.group({ source: '0.0.0.0/0' }, { source: '10.0.0.0/8', description: 'office' }))
  }
  // Two rules about each, and each said twice; neighbours are about different groups.
  const events: BusEvent[] = [sshOpen, commonPortsOpen, sshOpen, commonPortsOpen].flatMap((said) =>
    groups.map(said),
  )
  expect(events).toHaveLength(200)
  const at = Date.now()
  await deployed().detect(...events)
  await deployed().quiet()
  console.info(`200 findings about ${RESOURCES} groups: ${Date.now() - at} ms until all queues were empty`)

  for (const group of groups) {
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 10.0.0.0/8 "office"'])
    expect(deployed().changesOf(group)).toHaveLength(1)
    const [first, ...later] = await deployed().runsAbout(group)
    for (const [index, { startedAt }] of later.entries()) {
      const before = index === 0 ? first! : later[index - 1]!
      expect(startedAt >= before.endedAt!).toBe(true)
    }
  }
  const runs = await deployed().store.list()
  expect(runs.filter(({ state }) => state !== 'closed')).toEqual([])
  expect(new Set(runs.map(({ outcome }) => outcome))).toEqual(new Set(['remediated', 'alreadyCompliant']))
  for (const dlq of ['IntakeDlq', 'RunsDlq', 'NotifierDlq', 'TimersDlq']) {
    expect({ dlq, messages: await deployed().messages(dlq) }).toEqual({ dlq, messages: [] })
  }
  expect(
    deployed().sandbox.requests.filter(
      (request) => isForStack({ ...request, path: '' }) && request.status >= 500,
    ),
  ).toEqual([])
}, 180_000)
