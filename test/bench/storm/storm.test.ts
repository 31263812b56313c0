import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { storm } from '../../../bench/storm/storm.ts'

const THIS = fileURLToPath(new URL('../../..', import.meta.url))

test('a storm on this build is over when all runs are closed, and tells what they asked of AWS', async () => {
  const { seconds, functions, calls, table } = await storm({
    folder: THIS,
    findings: 2,
    delayMs: 0,
    metered: true,
  })
  expect(seconds).toBeGreaterThan(0)
  expect(calls['ec2:RevokeSecurityGroupIngress']).toBe(2)
  expect(functions.runner.count).toBeGreaterThanOrEqual(1)
  expect(functions.sweeper.count).toBeGreaterThanOrEqual(3)
  expect(functions.sweeper.metrics).toContain('RunsWoken service=rectify')
  // Of each run two transactions: the run, its commit and its lock are in both.
  expect(table!.items).toBeGreaterThanOrEqual(2 * 2 * 3)
  expect(table!.writeUnits - table!.indexUnits).toBeGreaterThanOrEqual(2 * table!.items)
  expect(table!.readUnits).toBeGreaterThan(0)
}, 300_000)
