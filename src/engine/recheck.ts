import type { LookAnswer, RecheckAnswer } from '../../state-machines/remediation.ts'
import { close } from './close.ts'
import { pausedBy } from './kill-switch.ts'
import type { Session } from './session.ts'

/** A look older than this is looked again before the first change. */
const LOOK_MAX_AGE_MS = 5_000

/**
 * Before the claim: is the plan that was decided about still the plan? Looks again when a person, a timer or another
 * invocation stood between, or the look is old. The policy is decided again with it, and may only get stricter.
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
  run.results = decided.results
  return { kind: 'clear' }
}
