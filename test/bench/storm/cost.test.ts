import { describe, expect, test } from '@jest/globals'
import { costOfMonth, costOfRuns, together } from '../../../bench/storm/cost.ts'
import type { Invocations } from '../../../bench/storm/invocations.ts'
import type { BuildInStorm, Storm } from '../../../bench/storm/storm.ts'
import { stormTables } from '../../../bench/storm/storm-tables.ts'

const invocations = (count: number, seconds: number, memoryMb = 512): Invocations => ({
  count,
  ms: seconds * 1000,
  memoryMb,
  logBytes: count * 1000,
  metrics: ['RunsWoken service=rectify', 'StuckRuns service=rectify'],
})

const storm: Storm = {
  seconds: 100,
  functions: {
    intake: invocations(50, 30),
    runner: invocations(100, 100),
    notifier: invocations(200, 20, 256),
    sweeper: invocations(3, 1.5),
  },
  calls: { 'sqs:SendMessage': 500, 'ec2:RevokeSecurityGroupIngress': 500 },
  table: { writeUnits: 230, items: 90, indexUnits: 50, readUnits: 60, bytes: 37_000, readUnitsOfSweep: 10 },
}
const build: BuildInStorm = {
  build: 'this',
  folder: '.',
  findings: 500,
  direct: storm,
  delayed: storm,
  delayMs: 60,
  single: storm,
  singleFindings: 10,
  metered: storm,
  meteredFindings: 10,
}
const dollars = (what: string) => costOfRuns(build, 'delayed').find((row) => row.what === what)?.dollars

describe('what 1,000 automatic runs cost', () => {
  test('time is charged by memory, and each invocation', () => {
    expect(dollars('runner')).toBeCloseTo(0.5 * 200 * 0.0000133334 + 200 * 0.2e-6, 9)
    expect(dollars('notifier')).toBeCloseTo(0.25 * 40 * 0.0000133334 + 400 * 0.2e-6, 9)
  })

  test('a queue is charged for what is put in, and twice for each batch', () => {
    expect(dollars('intake queue')).toBeCloseTo((1000 + 200) * 0.4e-6, 9)
    expect(dollars('runs queue')).toBeCloseTo((1000 + 400) * 0.5e-6, 9)
  })

  test('the table is charged by units and for what stays', () => {
    expect(dollars('table, writes')).toBeCloseTo(23 * 1000 * 0.625e-6, 9)
    expect(dollars('table, reads')).toBeCloseTo(6 * 1000 * 0.125e-6, 9)
    expect(dollars('table, 90 days')).toBeCloseTo(0.0037 * 0.45 * 3, 9)
  })

  test('findings that come by themselves are scaled by their own number', () => {
    const runner = costOfRuns(build, 'single').find(({ what }) => what === 'runner')
    expect(runner?.dollars).toBeCloseTo(50 * dollars('runner')!, 9)
  })
})

test('a month without findings is the sweeps, the polling, the alarms of the template and the metrics of each sweep', () => {
  const rows = costOfMonth(build)
  expect(rows.find(({ what }) => what === 'alarms')?.arithmetic).toBe('13 × 0.10')
  expect(rows.at(-1)?.dollars).toBeCloseTo(0.6, 9)
  expect(together(rows)).toBeGreaterThan(0.84 + 1.3 + 0.6)
})

test('two builds are set beside each other', () => {
  const slower: BuildInStorm = { ...build, build: 'before', direct: { ...storm, seconds: 400 } }
  expect(stormTables([build, slower])).toContain('| this / before   | 0.25')
})
