import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plain } from '../../src/reports/paint.ts'
import { summaryOf } from '../../src/reports/rehearsal/summary.ts'
import { comparing, whatIfText } from '../../src/reports/rehearsal/what-if.ts'
import type { Run } from '../../src/run/run.ts'
import { arbitraryRun } from '../support/arbitrary-runs.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { rehearsal, rehearsed } from '../support/sample-rehearsal.ts'
import { samplePlan, sampleStep } from '../support/sample-run.ts'

describe('what a reader wants to know first', () => {
  const approve = { mode: 'approve' as const, reason: 'rule 2' }
  const seenAt = (observedAt: string) => [sampleFinding({ observedAt })]

  test('is who would be asked how often, and which resources more than one plan changes', () => {
    const runs = [
      rehearsed({ ruling: approve, findings: seenAt('2026-11-01T00:00:00Z') }),
      rehearsed({ ruling: approve, findings: seenAt('2026-11-05T00:00:00Z'), playbook: 'other' }),
    ]
    expect(summaryOf(rehearsal({ runs }))).toMatchObject({
      asked: [{ whom: '1 person', runs: 2, perDay: 0.5 }],
      repeated: [{ plans: 2, playbooks: ['ec2-close-open-ingress', 'other'] }],
      by: {
        day: [
          { name: '2026-11-05', ask: 1 },
          { name: '2026-11-01', ask: 1 },
        ],
      },
      real: { changes: 2 },
    })
  })

  test('is what cannot be taken back, what somebody else puts back, and what nobody answers', () => {
    const plan = samplePlan({ steps: [sampleStep({ undo: { irreversible: 'it is gone' } })] })
    const managedBy = { by: 'terraform' as const, where: 'Terraform (tag x)' }
    const runs = [rehearsed({ plan: { ...plan, managedBy } })]
    const unanswered = { source: 'config' as const, type: 'x' }
    expect(
      summaryOf(rehearsal({ runs, ignored: [{ finding: 'f', reason: 'r', unanswered }] })),
    ).toMatchObject({
      irreversible: [{ why: 'it is gone', plans: 1 }],
      managed: [{ by: 'terraform', plans: 1 }],
      unanswered: [{ source: 'config', type: 'x', findings: 1 }],
    })
  })

  test('counts all of it, where a list names no more than are read', () => {
    const ignored = Array.from({ length: 70 }, (_, n) => ({
      ...{ finding: String(n), reason: 'r' },
      unanswered: { source: 'config' as const, type: `rule-${n}` },
    }))
    const runs = Array.from({ length: 60 }, (_, n) =>
      rehearsed({ plan: samplePlan({ steps: [sampleStep({ undo: { irreversible: `why ${n}` } })] }) }),
    )
    const summary = summaryOf(rehearsal({ runs, ignored }))
    expect(summary).toMatchObject({ lasting: 60, ignored: 70, open: 70 })
    expect([summary.irreversible.length, summary.unanswered.length]).toEqual([50, 50])
  })

  test('counts each run once in each chart', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRun, { maxLength: 20 }), (runs) => {
        const { by, outcomes, plans, withoutPlan, failed } = summaryOf(rehearsal({ runs }))
        const size = (all: { act: number; ask: number; leave: number; none: number }[]) =>
          all.reduce((sum, { act, ask, leave, none }) => sum + act + ask + leave + none, 0)
        expect(Object.values(by).map(size)).toEqual([runs.length, runs.length, runs.length])
        expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(runs.length)
        expect(plans + withoutPlan).toBeLessThanOrEqual(runs.length)
        expect(plans + withoutPlan + failed).toBeGreaterThanOrEqual(runs.length)
      }),
    )
  })
})

test('a second policy is compared run by run: modes, and who is asked', () => {
  const compare = comparing('next.yaml')
  const asks = (approvers: string[]) => ({
    ruling: { mode: 'approve' as const, reason: 'rule 1' },
    approval: { quorum: 1, approvers, expiresAfter: 'PT4H', onExpiry: 'decline' as const },
  })
  const keyed = (key: string, more: Partial<Run>) => rehearsed({ key, ...more })
  const first = [keyed('a', {}), keyed('b', asks(['ann'])), keyed('c', asks(['ann'])), keyed('gone', {})]
  const second = [
    keyed('a', asks(['ann'])),
    keyed('b', asks(['ann'])),
    keyed('c', asks(['bob'])),
    keyed('new', {}),
  ]
  first.forEach(compare.first)
  second.forEach(compare.second)
  const result = compare.result()
  expect(result).toMatchObject({
    runs: 3,
    changes: [
      { from: { mode: 'auto' }, to: { mode: 'approve', asks: '1 of ann' } },
      { from: { asks: '1 of ann' }, to: { asks: '1 of bob' } },
    ],
  })
  expect(whatIfText(result, plain)).toContain('next.yaml decides 2 of 3 runs otherwise')
})
