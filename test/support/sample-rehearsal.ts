import type { Rehearsal } from '../../src/reports/rehearsal/rehearsal.ts'
import type { Twin } from '../../src/run/rehearsed/twin.ts'
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

/** A twin that showed what the plan says. */
export const TWIN: Twin = {
  status: 'agrees',
  why: "put right by the plan's own calls, proven, and taken back there",
  copied: ['ec2:CreateVpc', 'ec2:CreateSecurityGroup'],
  assumed: ['bucket logs'],
  notCopied: [{ action: 'cloudwatch:GetMetricStatistics', why: 'what was measured is not made again' }],
  notShown: ['ec2:DescribeVpcs Vpcs[].OwnerId'],
  plan: [{ field: 'impact.count', expected: 3, twin: 0 }],
  applied: { outcome: 'remediated', reason: '', calls: ['ec2:RevokeSecurityGroupIngress'] },
  undone: {
    outcome: 'undone',
    reason: '',
    differs: [],
    notAsBefore: ['ec2:DescribeSecurityGroupRules [].Id'],
  },
}

/** One on which the change had no effect. */
export const DISAGREEING: Twin = {
  ...TWIN,
  status: 'disagrees',
  why: 'carried out on the twin it ended unverified: still open',
  applied: { ...TWIN.applied!, outcome: 'unverified', reason: 'still open' },
  undone: { ...TWIN.undone!, differs: [{ field: 'before.rules', expected: [] }] },
}

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
