import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { withSandbox } from '../support/sandbox.ts'
import { sshOpen } from './detected-events.ts'
import { type Hub, hubOf } from './hub-findings.ts'
import { type Planter, plantIn } from './planted-resources.ts'
import { type Program, programIn } from './program-in-sandbox.ts'

/** Detectors are told by the command line how its runs ended, with the caller's credentials. */

const sandbox = withSandbox()
let plant: Planter
let hub: Hub
beforeAll(async () => {
  plant = plantIn(sandbox())
  hub = await hubOf(sandbox())
})
afterAll(() => hub.close())

const TELL = { securityhub: true, config: true }
const policy = (tell: object = TELL, mode = 'auto') => ({ version: 1, rules: [{ mode }], tell })
const NOTED = { UpdatedBy: 'Rectify', Text: expect.stringMatching(/^Rectify run 01\w+: remediated: /) }

/** A program with Security Hub's finding about an open group in `event.json`. */
async function found(tell?: object, mode?: string): Promise<{ own: Program; group: string; id: string }> {
  const group = await plant.group({ source: '0.0.0.0/0' })
  const { id, event } = await hub.finds(group)
  const own = programIn(sandbox(), { policy: policy(tell, mode) })
  own.write('event.json', event)
  return { own, group, id }
}

const told = (own: Program, operation: string) =>
  own.requests().filter((request) => request.operation === operation)
const UPDATE = 'BatchUpdateFindings'

describe('apply', () => {
  test('tells Security Hub that it is resolved, and the event of that starts nothing', async () => {
    const { own, id } = await found()
    const { status, runs } = await own.report('apply', 'event.json')
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'remediated' })
    expect(runs[0]?.told).toMatchObject([{ to: 'securityhub', ok: true, said: 'RESOLVED' }])
    expect(await hub.kept(id)).toMatchObject({
      Workflow: { Status: 'RESOLVED' },
      Note: NOTED,
      UpdatedAt: '2026-11-20T09:14:27.361Z',
    })
    own.write('again.json', await hub.toldAgain(id))
    const again = await own.report('apply', 'again.json')
    expect({ status: again.status, runs: again.runs }).toEqual({ status: 0, runs: [] })
    expect(again.ignored).toMatchObject([{ reason: 'own' }])
  })

  test('shows what was told, and to whom it was not said and why, which changes neither outcome nor status', async () => {
    const { own, id } = await found()
    const heal = own.strike(UPDATE, { kind: 'deny' })
    const { status, runs } = await own.report('apply', 'event.json')
    expect({ status, outcome: runs[0]?.outcome }).toEqual({ status: 0, outcome: 'remediated' })
    expect(runs[0]?.told).toMatchObject([{ to: 'securityhub', ok: false }])
    expect(runs[0]?.warnings).toEqual([
      expect.stringMatching(
        /^securityhub was not told: securityhub:BatchUpdateFindings as arn:aws:.* AccessDenied/,
      ),
    ])
    expect(await hub.kept(id)).toMatchObject({ Workflow: { Status: 'NEW' } })
    heal()
    // The same finding once more gives the same run, and what was not told is told.
    const again = await own.report('apply', 'event.json')
    expect(again.runs).toMatchObject([{ run: runs[0]?.run, told: [{ ok: true, said: 'RESOLVED' }] }])
    const { stdout } = await own.start('runs', runs[0]!.run).ended
    expect(JSON.parse(stdout).runs[0]).toMatchObject({ told: [{ to: 'securityhub', ok: true }] })
  })

  test('has the rule of Config evaluated anew, once for all runs', async () => {
    const groups = await Promise.all([1, 2, 3].map(() => plant.group({ source: '0.0.0.0/0' })))
    const own = programIn(sandbox(), { policy: policy() })
    for (const group of groups) own.write(`events/${group}.json`, sshOpen(group))
    const { runs } = await own.report('apply', 'events')
    expect(runs.map(({ told }) => told)).toEqual(
      groups.map(() => [expect.objectContaining({ to: 'config', ok: true, said: 'evaluation' })]),
    )
    const evaluations = told(own, 'StartConfigRulesEvaluation').map(({ input }) => input.ConfigRuleNames)
    expect(evaluations.length).toBeGreaterThan(0)
    expect(evaluations.length).toBeLessThan(groups.length + 1)
    for (const names of evaluations) expect(names).toEqual(['restricted-ssh'])
  })

  test('tells nobody whom the policy does not name, nor of what it only rehearsed', async () => {
    const silent = await found({ config: true, securityhub: false })
    expect((await silent.own.report('apply', 'event.json')).runs[0]).toMatchObject({ outcome: 'remediated' })
    const rehearsed = await found(TELL, 'rehearse')
    expect((await rehearsed.own.report('apply', 'event.json')).runs[0]).toMatchObject({
      outcome: 'rehearsed',
    })
    for (const { own, id } of [silent, rehearsed]) {
      expect(told(own, UPDATE)).toEqual([])
      expect(await hub.kept(id)).toMatchObject({ Workflow: { Status: 'NEW' } })
    }
  })
})

test('decline tells that people know; approve and undo, that it is resolved and open again', async () => {
  const declined = await found(TELL, 'approve')
  const waiting = await declined.own.report('apply', 'event.json')
  expect(await hub.kept(declined.id)).toMatchObject({ Workflow: { Status: 'NEW' } })
  await declined.own.report('decline', waiting.runs[0]!.run, '--reason', 'meant to be public')
  const { Workflow, Note } = await hub.kept(declined.id)
  expect([Workflow?.Status, Note?.Text]).toEqual(['NOTIFIED', expect.stringContaining('meant to be public')])

  const { own, id } = await found(TELL, 'approve')
  const asked = await own.report('apply', 'event.json')
  const { runs } = await own.report('approve', asked.runs[0]!.run, '--yes')
  expect(runs[0]).toMatchObject({ outcome: 'remediated', told: [{ said: 'RESOLVED' }] })
  const undone = await own.report('undo', runs[0]!.run, '--yes')
  expect(undone.runs[0]).toMatchObject({ outcome: 'undone', told: [{ said: 'NEW' }] })
  expect(await hub.kept(id)).toMatchObject({
    Workflow: { Status: 'NEW' },
    Note: { Text: expect.stringContaining(': undone: ') },
  })
})
