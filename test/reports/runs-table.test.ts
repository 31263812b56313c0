import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plain } from '../../src/reports/paint.ts'
import { runsTable } from '../../src/reports/run/runs-table.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleRun } from '../support/sample-run.ts'

const target = { resource: 'arn', id: 'snap-0123456789abcdef0', key: 'arn' }
const waiting = sampleRun({
  ...{ id: '01K7AAAAAAAAAAAAAAAAAAAAAA', state: 'waiting', waitingFor: 'approval', outcome: null, target },
  ...{ playbook: 'ec2-unshare-public-snapshot', reason: `rule 1 (rectify.yaml:3) ${'and more '.repeat(20)}` },
})
const taken = sampleRun({ id: '01K7AAAAAAAAABBBBBBBBBBBBB', undoneBy: 'x', target })
const lines = (runs: Run[], width?: number) => runsTable(runs, plain, width).split('\n')

describe('the list of runs', () => {
  test('fits a terminal of 80 columns: short ids that still tell the runs apart, and no reason', () => {
    const [head, first, second] = lines([waiting, taken], 80)
    expect(head).toMatch(/^RUN +STARTED +OUTCOME +RESOURCE$/)
    expect(first).toMatch(/^01K7AAAAAAAAAA +11-20 09:00Z +waiting for approval +snap-0123456789abcdef0$/)
    expect(second).toMatch(/^01K7AAAAAAAAAB +/)
  })

  test('has everything on one of 200, the reason cut', () => {
    const [head, first] = lines([waiting, taken], 200)
    expect(head).toMatch(/^RUN +STARTED +OUTCOME +RESOURCE +PLAYBOOK +WHY$/)
    expect(first).toMatch(/^01K7AAAAAAAAAAAAAAAAAAAAAA +2026-11-20T09:00:00Z .*and more.*…$/)
    expect(first).toHaveLength(200)
  })

  test('is whole where there is no terminal', () => {
    expect(lines([waiting])[1]).toContain('and more '.repeat(20).trim())
  })

  test('is never wider than the terminal, whatever is in it', () => {
    const run = fc.record({
      id: fc.ulid(),
      reason: fc.string(),
      playbook: fc.constantFrom('a', 'ec2-close-open-ingress'),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(run, { selector: ({ id }) => id, minLength: 1 }),
        fc.integer({ min: 80, max: 240 }),
        (some, width) => {
          const shown = lines(
            some.map((one) => sampleRun(one)),
            width,
          )
          expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(width)
          // What is shown of an id is enough to name the run.
          const ids = shown.slice(1).map((line) => line.split(' ')[0]!)
          for (const [index, { id }] of some.entries()) {
            expect(some.filter((one) => one.id.startsWith(ids[index]!))).toHaveLength(1)
            expect(id.startsWith(ids[index]!)).toBe(true)
          }
        },
      ),
    )
  })
})
