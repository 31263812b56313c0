import type { Close, Planned } from '../../../state-machines/remediation.ts'
import { type Plan, planHash } from '../../playbook/plan.ts'
import type { Ruling } from '../../policy/rules.ts'
import { durationMs } from '../../policy/written-durations.ts'
import { close } from '../close.ts'
import type { Session } from '../drive/driven.ts'
import { cautious } from './cautious.ts'
import { modeOf, permitOf, stricter } from './ruling.ts'

/** Most that a run may weigh with its plan, in bytes of JSON: a store takes 300 kB, results and decisions included. */
const MAX_PLANNED_BYTES = 280_000

/**
 * Makes what was planned the run's plan, and says what the policy permits with it. A permission that was given before
 * may only get stricter, and with a caution a person is asked.
 */
export function decidePlan(
  session: Session,
  {
    steps,
    before,
    after,
    impact,
    warnings,
    cautions,
    unproven,
  }: Pick<Plan, 'steps' | 'before' | 'after' | 'impact' | 'warnings'> & {
    cautions: readonly string[]
    unproven?: string
  },
  given: Ruling,
): Planned | Close {
  const { run } = session
  const decided = run.plan === null ? undefined : session.permit
  const { playbook, resource, account, region } = run
  const body: Omit<Plan, 'hash'> = {
    playbook,
    resource,
    account,
    region,
    steps,
    before,
    after,
    impact,
    warnings,
    ...(unproven !== undefined && { unproven }),
  }
  run.plan = { ...body, hash: planHash(body) }
  run.results = []
  const bytes = Buffer.byteLength(JSON.stringify(run))
  if (bytes > MAX_PLANNED_BYTES) {
    run.plan = null
    return close(
      'blocked',
      `the plan is too large to be stored: the run would weigh ${Math.ceil(bytes / 1000)} kB`,
    )
  }
  const ruling = cautious(given, cautions, run.approval)
  run.ruling = { mode: ruling.mode, reason: ruling.reason }
  const { permit, mode, reason } = permitOf(session, ruling)
  session.permit = decided === undefined ? permit : stricter(permit, decided)
  const holds = session.permit === permit
  // The terms of a rule that would ask nobody are not those of a run that has to ask.
  if (holds || !run.approval) run.approval = ruling.approval
  run.mode = holds ? mode : modeOf(session.permit)
  run.reason = reason
  return {
    kind: 'planned',
    permit: session.permit,
    reason,
    dryRunFirst: steps.length > 1 || session.permit === 'approve',
    expiresInMs: durationMs(run.approval.expiresAfter),
  }
}
