import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { FaultRule } from '../../../src/sandbox/front/faults.ts'
import { sshOpen } from '../detected-events.ts'
import { type Hub, hubOf } from '../hub-findings.ts'
import { type Planter, plantIn } from '../planted-resources.ts'
import { type Program, programIn } from '../program-in-sandbox.ts'
import { closed, STACK, withDeployment } from './sandbox-deployment.ts'

/** The deployment tells detectors how its runs ended: by the table's stream, a queue, and a role for nothing else. */

const POLICY = `version: 1
rules:
  - mode: auto
tell: { securityhub: true, config: true }
`
const deployed = withDeployment({ policy: () => POLICY })
let plant: Planter
let hub: Hub
let person: Program
beforeAll(async () => {
  plant = plantIn(deployed().sandbox)
  hub = await hubOf(deployed().sandbox)
  person = programIn(deployed().sandbox, { policy: 'none' })
})
afterAll(() => hub.close())

const toldOf = (run: string, well = true) => deployed().toldOf(run, ({ ok }) => ok === well)

const roles = () =>
  deployed()
    .sandbox.requests.filter(({ operation }) => operation === 'AssumeRole')
    .map(({ input }) => [String(input.RoleArn), String(input.RoleSessionName), String(input.Policy ?? '')])

test('Security Hub, that it is resolved, and open again after an undo; its own events start nothing', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const { id, event } = await hub.finds(group)
  await deployed().detect(event)
  const run = await deployed().runWith(group, closed)
  expect(run.outcome).toBe('remediated')
  expect(await toldOf(run.id)).toMatchObject([{ to: 'securityhub', ok: true, said: 'RESOLVED' }])
  expect(await hub.kept(id)).toMatchObject({
    Workflow: { Status: 'RESOLVED' },
    Note: { Text: `Rectify run ${run.id}: remediated: ${run.reason}`, UpdatedBy: 'Rectify' },
  })
  const [, , policy = ''] =
    roles().find(([role, session]) => role?.includes('TellRole') && session === run.id) ?? []
  expect(JSON.parse(policy).Statement).toEqual([
    { Effect: 'Allow', Action: ['securityhub:BatchUpdateFindings'], Resource: '*' },
  ])
  await deployed().detect(await hub.toldAgain(id))
  await deployed().quiet()
  expect(await deployed().runsAbout(group)).toHaveLength(1)
  expect(await deployed().store.get(run.id)).toMatchObject({ revision: run.revision })

  const { runs } = await person.report('undo', run.id, '--yes', ...STACK)
  expect(runs[0]).toMatchObject({ outcome: 'undone' })
  expect(await toldOf(runs[0]!.run)).toMatchObject([{ to: 'securityhub', said: 'NEW' }])
  expect(await hub.kept(id)).toMatchObject({ Workflow: { Status: 'NEW' } })
  await deployed().detect(await hub.toldAgain(id))
  await deployed().quiet()
  expect(await deployed().runsAbout(group)).toHaveLength(2)
})

test('Config, whose rule is evaluated anew', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  await deployed().detect(sshOpen(group))
  const run = await deployed().runWith(group, closed)
  expect(await toldOf(run.id)).toMatchObject([{ to: 'config', ok: true, said: 'evaluation' }])
  const asked = deployed().sandbox.requests.filter(
    ({ operation }) => operation === 'StartConfigRulesEvaluation',
  )
  expect(asked.map(({ input }) => input)).toContainEqual({ ConfigRuleNames: ['restricted-ssh'] })
})

test('Security Hub, also of a finding that comes when the run which answers it has ended', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  await deployed().detect((await hub.finds(group)).event)
  const run = await deployed().runWith(group, closed)
  const { id, event } = await hub.finds(group, 'second')
  await deployed().detect(event)
  const told = await deployed().toldOf(run.id, ({ late, ok }) => late !== undefined && ok)
  expect(told).toContainEqual(
    expect.objectContaining({ late: expect.objectContaining({ id }), said: 'RESOLVED' }),
  )
  expect(await hub.kept(id)).toMatchObject({ Workflow: { Status: 'RESOLVED' } })
  expect(await deployed().runsAbout(group)).toHaveLength(1)
})

test('nobody, where it is refused: a warning of the run, whose outcome stands, and it waits in its queue', async () => {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const { id, event } = await hub.finds(group)
  const denied: FaultRule = { operation: 'BatchUpdateFindings', fault: { kind: 'deny' } }
  deployed().sandbox.faults.push(denied)
  await deployed().detect(event)
  const run = await deployed().runWith(group, closed)
  expect(await toldOf(run.id, false)).toMatchObject([
    { to: 'securityhub', ok: false, reason: expect.stringContaining('securityhub:BatchUpdateFindings') },
  ])
  deployed().sandbox.faults.splice(deployed().sandbox.faults.indexOf(denied), 1)
  const { stdout } = await person.run('runs', run.id, ...STACK)
  expect(JSON.parse(stdout).runs[0]).toMatchObject({
    outcome: 'remediated',
    warnings: [expect.stringMatching(/^securityhub was not told: /)],
  })
  // As the message comes again: sooner than in a minute.
  await deployed().send('WritebackQueue', { run: run.id })
  expect(await toldOf(run.id)).toMatchObject([{ to: 'securityhub', ok: true, said: 'RESOLVED' }])
  expect(await hub.kept(id)).toMatchObject({ Workflow: { Status: 'RESOLVED' } })
})
