import { describe, expect, test } from '@jest/globals'
import { costOfApprovals, costOfMonthWithSlack } from '../../../bench/slack/approval-cost.ts'
import type { Life } from '../../../bench/slack/approval-life.ts'
import { alarmsIn } from '../../../bench/storm/cost.ts'
import type { Invocations } from '../../../bench/storm/invocations.ts'
import { ROOT } from '../../support/source-files.ts'

const invocations = (count: number, seconds: number, memoryMb = 512): Invocations => ({
  count,
  ms: seconds * 1000,
  memoryMb,
  logBytes: count * 1000,
  metrics: [],
})
const life: Life = {
  approvals: 5,
  functions: {
    cards: invocations(20, 40),
    slack: invocations(5, 1, 1024),
    notifier: invocations(30, 3, 256),
  },
  sent: 20,
  table: { writeUnits: 300, items: 100, indexUnits: 50, readUnits: 150 },
}
const dollars = (what: string) => costOfApprovals(life).find((row) => row.what === what)?.dollars

describe('what Slack adds', () => {
  test('to 1,000 approvals is its two functions, its queue and its share of the table', () => {
    expect(dollars('cards')).toBeCloseTo(0.5 * 8000 * 0.0000133334 + 4000 * 0.2e-6, 9)
    expect(dollars('receiver')).toBeCloseTo(200 * 0.0000133334 + 1000 * 0.2e-6, 9)
    expect(dollars('cards queue')).toBeCloseTo((4000 + 8000) * 0.5e-6, 9)
    expect(dollars('table, writes')).toBeCloseTo((60 - 40) * 1000 * 0.625e-6, 9)
    expect(dollars('table, reads')).toBeCloseTo((30 - 19) * 1000 * 0.125e-6, 9)
  })

  test('to a month is its alarms, which a stack without it has not, and one more queue that is asked', () => {
    expect([alarmsIn(ROOT), alarmsIn(ROOT, 'HasSlack')]).toEqual([13, 5])
    const rows = costOfMonthWithSlack()
    expect(rows.map(({ dollars: each }) => each)).toEqual([0.324, 0.5].map((each) => expect.closeTo(each, 9)))
  })
})
