import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Approvals, approvals } from '../../../bench/slack/approvals.ts'
import { approvalsTables } from '../../../bench/slack/approvals-tables.ts'

/** The first start in a clone installs the emulators. */
const PATIENCE_MS = 400_000
/** Of each scene, the clicks that are not measured among them. */
const DECIDED = 3 + 2 + 1

let told: Approvals

beforeAll(async () => {
  told = await approvals({ decisions: 2, beside: 4, counted: 1 })
}, PATIENCE_MS)

/** What the figures stand on: the bench throws where a run is not remediated, or a click not taken. */
describe('approvals in Slack', () => {
  test('all runs come to stand in the channel, several in a message', () => {
    const { alone, among } = told
    expect([alone.shown.runs, among.shown.runs]).toEqual([DECIDED, DECIDED + 4])
    for (const { shown } of [alone, among]) {
      expect(shown.posts).toBeLessThan(shown.runs)
      expect(shown.shownSeconds).toBeGreaterThan(0)
    }
  })

  test('clicks are answered and carried out where others wait, and where none do', () => {
    const { alone, among } = told
    expect([alone.decided.waiting, among.decided.waiting]).toEqual([2 + 1, 2 + 1 + 4])
    for (const { answer, change } of [alone.decided, among.decided]) {
      expect([answer.n, change.n]).toEqual([2, 2])
      expect(change.p50).toBeGreaterThan(0)
    }
  })

  test('one click asks for the same where others wait: the run, who clicked, one change', () => {
    const [alone, among] = [told.alone.work, told.among.work]
    expect(alone.cost.calls.RevokeSecurityGroupIngress).toBe(1)
    expect(alone.slack['users.info']).toBe(1)
    expect(among.cost.calls.RevokeSecurityGroupIngress).toBe(1)
    expect(among.cost.keys.Query).toBe(alone.cost.keys.Query)
  })

  test('an approval by itself is counted from the finding to its end', () => {
    const { approvals: count, functions, sent, table } = told.life
    expect(count).toBe(1)
    expect(functions.slack.count).toBe(1)
    expect(functions.cards.count).toBeGreaterThanOrEqual(2)
    expect(sent).toBeGreaterThanOrEqual(2)
    expect(table.writeUnits).toBeGreaterThan(40)
  })

  test('is shown as tables', () => {
    expect(approvalsTables(told)).toContain('| ratio ')
  })
})
