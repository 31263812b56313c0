import { expect, test } from '@jest/globals'
import { isStuck } from '../../src/engine/sweeping.ts'
import type { Run } from '../../src/run/run.ts'
import { asked, openGroup } from './approval-scenes.ts'

const HOUR = 3_600_000
const approval = { verdict: 'approve', by: 'ann', at: '2026-11-22T18:00:00.000Z' } as const

test.each<[string, (run: Run) => Partial<Run>, number]>([
  ['two hours after its start, where it waits for nobody', () => ({ waitingFor: 'lock' }), 2],
  ['two hours after its time, where it waits for a person', () => ({}), 26],
  ['two hours after a person decided', ({ plan }) => ({ decisions: [{ ...approval, hash: plan!.hash }] }), 8],
])('a run is stuck %s', async (_when, more, hours) => {
  const run = await asked(openGroup())
  const since = (h: number) => isStuck({ ...run, ...more(run) }, Date.parse(run.startedAt) + h * HOUR + 1)
  expect([since(hours - 0.1), since(hours)]).toEqual([false, true])
})
