import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { queueWakes } from '../../../src/queue/wakes.ts'
import type { Run } from '../../../src/run/run.ts'
import { commonPortsOpen, replaced, sshOpen } from '../detected-events.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { type Program, programIn } from '../program-in-sandbox.ts'
import { closed, STACK, waits, withDeployment } from './sandbox-deployment.ts'

/** What people do to a deployment: approve, decline, take back, stop everything. */

const POLICY = `version: 1
rules:
  - { when: { type: RESTRICTED_INCOMING_TRAFFIC }, mode: approve }
  - mode: auto
`
const deployed = withDeployment({ policy: () => POLICY })
let plant: Planter
let person: Program
beforeAll(() => {
  plant = plantIn(deployed().sandbox)
  person = programIn(deployed().sandbox, { policy: 'none' })
})

const openGroup = (port = 22) => plant.group({ source: '0.0.0.0/0', port })
const operations = (group: string) =>
  deployed()
    .changesOf(group)
    .map(({ operation }) => operation)

/** Of a group whose port 3306 is open: the policy wants a word on that. */
async function waitingRun(): Promise<{ group: string; run: Run }> {
  const group = await openGroup(3306)
  await deployed().detect(commonPortsOpen(group))
  const run = await deployed().runWith(group, waits)
  return { group, run }
}

describe('a plan that waits for approval', () => {
  test('is carried out once somebody has approved it', async () => {
    const { group, run } = await waitingRun()
    expect(operations(group)).toEqual([])
    const { status, runs } = await person.report('approve', run.id, ...STACK)
    expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
      status: 0,
      outcomes: ['remediated'],
    })
    expect(await plant.ingress(group)).toEqual([])
    expect(operations(group)).toEqual(['RevokeSecurityGroupIngress'])
  })

  test('is carried out by a decision in the table and a wake-up, however often that comes', async () => {
    const { group, run } = await waitingRun()
    const { store } = deployed()
    const hash = run.plan!.hash
    const at = new Date().toISOString()
    await store.decide(
      run.id,
      { verdict: 'approve', by: 'arn:aws:iam::123456789012:user/ops', at, hash },
      Date.now(),
    )
    const queue = {
      send: (message: unknown, resource: string, id: string) =>
        deployed().send('RunsQueue', message, { group: resource.slice(-40), id }),
    }
    for (const minute of [0, 1, 2]) {
      const clock = { now: () => Date.now() + minute * 60_000, sleep: async () => undefined }
      await queueWakes({ queue, clock }).now(run, 'decision', run.revision)
    }
    await deployed().runWith(group, closed)
    await deployed().quiet()
    expect(operations(group)).toEqual(['RevokeSecurityGroupIngress'])
  })

  test('is left alone once somebody has declined it, also when the detector says it again', async () => {
    const { group, run } = await waitingRun()
    const { runs } = await person.report('decline', run.id, '--reason', 'needed until Friday', ...STACK)
    expect(runs).toMatchObject([
      { outcome: 'declined', reason: expect.stringContaining('needed until Friday') },
    ])
    await deployed().detect(
      replaced(commonPortsOpen(group), { '2026-11-20T09:14:27.361Z': '2026-11-20T10:14:27.361Z' }),
    )
    await deployed().quiet()
    expect(operations(group)).toEqual([])
    const outcomes = (await deployed().runsAbout(group)).map(({ outcome }) => outcome)
    expect(new Set(outcomes)).toEqual(new Set(['declined']))
  })
})

test('an undo opens again what was closed, and the detector’s next word does not close it at once', async () => {
  const group = await plant.group({ source: '0.0.0.0/0', description: 'web team', tags: { ticket: '4711' } })
  const before = await plant.ingress(group)
  await deployed().detect(sshOpen(group))
  const run = await deployed().runWith(group, closed)
  expect(await plant.ingress(group)).toEqual([])

  const { status, runs } = await person.report('undo', run.id, '--yes', ...STACK)
  expect({ status, outcomes: runs.map(({ outcome }) => outcome) }).toEqual({
    status: 0,
    outcomes: ['undone'],
  })
  expect(await plant.ingress(group)).toEqual(before)

  await deployed().detect(
    replaced(sshOpen(group), { '2026-11-20T09:14:27.361Z': '2026-11-20T10:14:27.361Z' }),
  )
  const next = await deployed().runWith(group, ({ outcome }) => outcome === 'exempted')
  expect(next.reason).toContain('undone by')
  expect(await plant.ingress(group)).toEqual(before)
})

describe('while the deployment is paused', () => {
  beforeEach(() => person.run('pause', '--reason', 'change freeze', ...STACK))
  afterEach(() => person.run('resume', ...STACK))

  test('nothing is changed, somebody can read why, and it goes on by itself when somebody resumes', async () => {
    const group = await openGroup()
    await deployed().detect(sshOpen(group))
    const held = await deployed().runWith(group, ({ waitingFor }) => waitingFor === 'pause')
    expect(held.heldBy?.reason).toContain('change freeze')
    expect(operations(group)).toEqual([])
    expect(await plant.ingress(group)).toEqual(['tcp 22-22 0.0.0.0/0'])

    await person.run('resume', ...STACK)
    const done = await deployed().runWith(group, ({ outcome }) => outcome === 'remediated')
    expect(done.id).toBe(held.id)
    expect(await plant.ingress(group)).toEqual([])
  })
})
