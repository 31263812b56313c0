import type { Decision, Run } from '../../src/run/run.ts'
import { sampleFinding } from './sample-finding.ts'
import { samplePlan, sampleRun } from './sample-run.ts'

export const PLAN = samplePlan()
const { outcome: _, changedAt: __, verifiedAt: ___, endedAt: ____, ...blank } = sampleRun()

/** A run that people were asked about an hour ago in Slack. */
export function asked(overrides: Partial<Run> = {}): Run {
  return {
    ...blank,
    target: { ...blank.target, id: 'sg-0web' },
    findings: [sampleFinding()],
    mode: 'approve',
    plan: PLAN,
    results: [],
    round: 1,
    outcome: null,
    state: 'waiting',
    waitingFor: 'approval',
    waitingUntil: '2026-11-21T09:00:00.000Z',
    asked: { at: '2026-11-20T09:00:00.000Z', level: 0 },
    approval: {
      channel: 'C0OPS',
      approvers: ['U0ANN'],
      quorum: 1,
      expiresAfter: 'PT24H',
      onExpiry: 'decline',
    },
    ...overrides,
  }
}

/** What Ann said of it in Slack. */
export function decided(overrides: Partial<Decision> = {}): Decision {
  return {
    verdict: 'approve',
    by: 'slack:T0ACME:U0ANN',
    at: '2026-11-20T09:30:00.000Z',
    hash: PLAN.hash,
    round: 1,
    ...overrides,
  }
}

/** The same run after it was approved and carried out. */
export const REMEDIATED: Run = {
  ...sampleRun(),
  target: asked().target,
  findings: asked().findings,
  round: 1,
  decisions: [decided()],
}
