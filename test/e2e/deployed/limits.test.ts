import { beforeAll, expect, test } from '@jest/globals'
import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../../../src/sandbox/place.ts'
import { probed, sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { withDeployment } from './sandbox-deployment.ts'

/** More findings at once than may be put right within an hour, and a calendar that is closed. */

const LIMIT = 5
const GROUPS = 60
const deployed = withDeployment({
  policy: () =>
    `version: 1\nrules:\n  - mode: auto\nlimits: { changesPerHour: ${LIMIT} }\nfreezes: [{ calendar: change-freeze, except: { severity: { atLeast: MEDIUM } } }]\n`,
})
let plant: Planter
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
})

/** What people were told of runs that are held, by the stack's topic. */
function holdsTold(): string[] {
  const published = deployed().sandbox.requests.filter(
    ({ service, operation, input }) =>
      service === 'sns' && operation === 'Publish' && input.TopicArn === deployed().idOf('NotificationTopic'),
  )
  return published.map(({ input }) => String(input.Subject)).filter((subject) => / held: /.test(subject))
}

test('of 60 findings at once exactly 5 are put right, 55 are held, and as many more go on when the window moves', async () => {
  const groups: string[] = []
  for (let n = 0; n < GROUPS; n++) groups.push(await plant.group({ source: '0.0.0.0/0' }))
  await deployed().detect(...groups.map((group) => sshOpen(group)))
  const { store } = deployed()
  const counted = async () => {
    const runs = (await store.list()).filter(({ target }) => groups.includes(target.id))
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
  // However often it is swept: a hold is told once, with the number of its runs.
  await deployed().sweep()
  expect(holdsTold().filter((subject) => subject.includes('limit'))).toEqual([
    expect.stringMatching(/55 runs are held: limit changesPerHour/),
  ])

  // As if the hour were over: no emulator's clock can be moved.
  await store.clearTokens('changes')
  await deployed().sweep()
  expect(await untilCounted(2 * LIMIT)).toEqual({ remediated: 10, held: 50, changed: 10 })
}, 240_000)

// How it goes on is shown where a clock can be moved: test/engine/calendars.test.ts.
test('what comes while a Change Calendar is closed is held until the time that it says, and told once', async () => {
  const { sandbox } = deployed()
  const calendar = `arn:aws:ssm:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:document/change-freeze`
  const group = await plant.group({ source: '0.0.0.0/0' })
  const opensAt = new Date(Date.now() + 3_600_000).toISOString()
  sandbox.control.calendars.set(calendar, { State: 'CLOSED', NextTransitionTime: opensAt })
  await deployed().detect(probed({ ports: { 22: ['198.51.100.7'] }, group }))
  const held = await deployed().runWith(group, ({ waitingFor }) => waitingFor === 'freeze')
  expect(held.heldBy).toMatchObject({ rail: 'freeze', until: opensAt })
  for (let sweep = 0; sweep < 2; sweep++) await deployed().sweep()
  expect(holdsTold().filter((subject) => subject.includes('change-freeze'))).toEqual([
    expect.stringContaining('1 run is held'),
  ])
  expect(deployed().changesOf(group)).toEqual([])
  const asked = sandbox.requests.filter(({ operation }) => operation === 'GetCalendarState')
  expect(asked.length).toBeGreaterThan(0)
})
