import { describe, expect, test } from '@jest/globals'
import type { Step } from '../../src/playbook/step.ts'
import { storedRun } from '../../src/run/stored-run.ts'
import { runOf } from '../../src/store/dynamodb/items.ts'
import { samplePlan, sampleRun, sampleStep } from '../support/sample-run.ts'

/** As version 0.1 stored a step: without its kind. */
const stepBefore = (more: object) => {
  const { kind: _, ...step } = sampleStep()
  return { ...step, retry: 'safe', ...more }
}

describe('a run that version 0.1 stored', () => {
  const { timeBoxes: _, ...run } = sampleRun()
  const old = {
    ...run,
    plan: samplePlan({
      steps: [
        stepBefore({ id: 'a' }),
        stepBefore({ id: 'b', subset: 'SecurityGroupRuleIds' }),
        stepBefore({ id: 'c', merge: { field: 'Addresses' } }),
        stepBefore({
          id: 'd',
          retry: 'readFirst',
          mark: { field: 'Comment' },
          settles: { timeoutSeconds: 60 },
        }),
      ] as unknown as Step[],
    }),
    results: [
      { step: 'a', status: 'applied', evidence: 'answer' },
      { step: 'b', status: 'skipped' },
    ],
    holds: { entries: ['192.0.2.1/32'], expiresAfter: 'PT24H' },
    holdFor: 86_400_000,
    holdUntil: '2026-11-22T09:00:00.000Z',
  }

  test.each([
    ['the local store', storedRun(JSON.stringify(old))],
    ['the run table', runOf({ body: { S: JSON.stringify(old) } })],
  ])('is read with its kinds of change and under the names of today: %s', (_, read) => {
    expect(read.plan?.steps.map(({ kind }) => kind)).toEqual(['call', 'subset', 'merge', 'command'])
    expect(read.plan?.steps.every((step) => !('retry' in step))).toBe(true)
    expect(read.results).toEqual([
      { step: 'a', status: 'applied', knownBy: 'answer' },
      { step: 'b', status: 'skipped' },
    ])
    expect(read).toMatchObject({
      timeBoxes: { entries: ['192.0.2.1/32'] },
      restFor: 86_400_000,
      restUntil: '2026-11-22T09:00:00.000Z',
    })
    expect(read).not.toHaveProperty('holds')
    expect(read).not.toHaveProperty('holdFor')
  })

  test('has the plan that was approved: its hash is what it was', () => {
    expect(storedRun(JSON.stringify(old)).plan?.hash).toBe(old.plan.hash)
  })
})

test('a run of today is read as it was written', () => {
  const run = sampleRun({ plan: samplePlan(), restFor: 5 })
  expect(storedRun(JSON.stringify(run))).toEqual(run)
})
