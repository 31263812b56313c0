import type { LookAnswer, RecheckAnswer } from '../../../state-machines/remediation.ts'
import { mayDecide } from '../../policy/approvers.ts'
import type { Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import { close } from '../close.ts'
import type { Session } from '../drive/driven.ts'
import { pausedBy } from '../rails/kill-switch.ts'

/** A look older than this is looked again before the first change. */
const LOOK_MAX_AGE_MS = 5_000

/**
 * Before the claim: is the plan that was decided about still the plan? Looks again when a person, a timer or another
 * invocation stood between, or the look is old. The policy is decided again with it, and may only get stricter: who
 * may approve and how many it takes is what holds now, not what held when it was asked.
 */
export async function recheck(
  session: Session,
  lookAgain: (session: Session) => Promise<LookAnswer>,
): Promise<RecheckAnswer> {
  const { run, ports } = session
  const paused = await pausedBy(ports)
  if (paused) return close('blocked', paused)
  const age = ports.clock.now() - Date.parse(run.lookedAt ?? '')
  if (!session.waited && session.epoch !== undefined && age <= LOOK_MAX_AGE_MS) return { kind: 'clear' }
  const decided = { hash: run.plan!.hash, permit: session.permit, results: run.results }
  session.waited = false
  const again = await lookAgain(session)
  if (again.kind === 'close') return again
  if (run.plan!.hash !== decided.hash || again.permit !== decided.permit) return again
  if (again.permit === 'approve' && !isApproved(run)) {
    return {
      ...again,
      reason: `${again.reason}; asked again: the approvals do not meet the terms that hold now`,
    }
  }
  run.results = decided.results
  return { kind: 'clear' }
}

/** Whether the approvals that were given meet the run's terms, which the last look brought up to date. */
function isApproved(run: Run): boolean {
  const { approval } = run
  return approval !== undefined && tally(run, (by) => mayDecide(approval, by)).full !== undefined
}
