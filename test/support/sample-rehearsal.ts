import type { Rehearsal } from '../../src/reports/rehearsal/rehearsal.ts'
import type { Run } from '../../src/run/run.ts'
import { sampleRun } from './sample-run.ts'

/** A run that was rehearsed, and would act by itself. */
export const rehearsed = (overrides: Partial<Run> = {}) =>
  sampleRun({
    intent: 'rehearse',
    mode: 'rehearse',
    ruling: { mode: 'auto', reason: 'rule 1 (rectify.yaml:3)' },
    outcome: 'rehearsed',
    results: [{ step: 'revoke', status: 'dryRunOk' }],
    ...overrides,
  })

/** One with a call that is denied. */
export const denied = rehearsed({
  id: '01K00000000000000000000002',
  results: [
    {
      step: 'revoke',
      status: 'dryRunDenied',
      error: { name: 'denied', code: 'UnauthorizedOperation', action: 'ec2:Revoke' },
    },
  ],
})

/** One with nothing to do. */
export const compliant = sampleRun({
  id: '01K00000000000000000000003',
  outcome: 'alreadyCompliant',
  plan: null,
  results: [],
})

/** A rehearsal with these three, an ignored finding and an unreadable event. */
export const rehearsal = (overrides: Partial<Rehearsal> = {}): Rehearsal => ({
  at: '2026-11-20T09:00:00.000Z',
  runs: [rehearsed(), denied, compliant],
  ignored: [{ finding: 'f-9', reason: 'resolved' }],
  rejected: [{ event: 'e.json#', code: 'notJson', reason: 'line 1' }],
  titles: { 'ec2-close-open-ingress': 'Close open ingress' },
  ...overrides,
})

/** A report that was given all of a rehearsal. */
