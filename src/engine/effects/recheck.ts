import { close, type LookAnswer, type RecheckAnswer } from '../../../state-machines/effects.ts'
import { countsUnder } from '../../policy/approvers.ts'
import type { Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect, RunFacts } from '../drive/facts.ts'
import { held, heldAtClaim } from '../rails/rails.ts'
import { exemptedByStore } from './exempting.ts'
import { lookFor } from './look-for.ts'

/** A look older than this is looked again before the first change. */
const LOOK_MAX_AGE_MS = 5_000

/**
 * Before the claim: is the plan that was decided about still the plan? Looks again when a person, a timer or another
 * invocation stood between, or the look is old. The policy is decided again with it, and may only get stricter: who
 * may approve and how many it takes is what holds now, not what held when it was asked.
 */
export async function* recheck(drive: Drive): Effect<RecheckAnswer> {
  const hold = yield* held(drive)
  if (hold) return hold
  const exempted = await exemptedByStore(drive)
  if (exempted !== undefined) {
    yield { run: { ruling: exempted } }
    return close('exempted', exempted.reason)
  }
  const answer = yield* compared(drive)
  if (answer.kind !== 'clear') return answer
  return (yield* heldAtClaim(drive)) ?? answer
}

/** What was decided about and what there is now. */
async function* compared(drive: Drive): Effect<RecheckAnswer> {
  const { run, ports, permit } = drive
  const age = ports.clock.now() - Date.parse(run.lookedAt ?? '')
  if (!drive.waited && drive.epoch !== undefined && age <= LOOK_MAX_AGE_MS) return { kind: 'clear' }
  const { hash } = run.plan!
  yield { memory: { waited: false } }
  const { answer: again, results } = yield* withoutResults(lookFor(drive))
  const isSame = again.kind === 'planned' && run.plan!.hash === hash && again.permit === permit
  const lacksApproval = again.kind === 'planned' && again.permit === 'approve' && !isApproved(run)
  if (isSame && !lacksApproval) return { kind: 'clear' }
  if (results) yield { run: { results } }
  if (!isSame) return again
  return {
    ...again,
    reason: `${again.reason}; asked again: the approvals do not meet the terms that hold now`,
  }
}

/** A look that finds the same plan voids nothing of what was tried of it: its dry run still counts. */
async function* withoutResults(
  look: Effect<LookAnswer>,
): Effect<{ answer: LookAnswer; results?: RunFacts['results'] }> {
  let voided: Pick<RunFacts, 'results'> = {}
  for (;;) {
    const next = await look.next()
    if (next.done) return { answer: next.value, ...voided }
    const { results, ...run } = next.value.run ?? {}
    if (results) voided = { results }
    yield { ...next.value, run }
  }
}

/** Whether the approvals that were given meet the run's terms, which the last look brought up to date. */
function isApproved(run: Readonly<Run>): boolean {
  const { approval } = run
  return approval !== undefined && tally(run, (made) => countsUnder(approval, run, made)).full !== undefined
}
