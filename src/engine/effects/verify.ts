import { close, type VerifyAnswer } from '../../../state-machines/effects.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Proof, Unproven } from '../../playbook/playbook.ts'
import { neverOf } from '../../policy/never.ts'
import type { StepResult } from '../../run/run.ts'
import { isMerge } from '../change/set-merge.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect } from '../drive/facts.ts'
import { inspect, type Seen } from '../drive/inspect.ts'
import { EndOfInvocation } from '../drive/out-of-time.ts'
import { CHANGED_MEANWHILE } from '../jobs/newest.ts'
import { isFault, sentOf } from './sent.ts'

/** First pause between two looks of a verification, doubled each time up to the last (ms). */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8_000

/**
 * Proves the change by reading the live resource again: nothing may be left to do. Patient with steps that still look
 * undone (eventual consistency), not with other work that the re-read finds.
 */
export async function* verify(drive: Drive): Effect<VerifyAnswer> {
  const { ports, run } = drive
  const patience = ports.clock.now() + ports.patienceSeconds * 1000
  const deadline = Math.min(patience, ports.endsAt ?? Number.POSITIVE_INFINITY)
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const seen = await seenOrWhyNot(drive)
    if (!seen) return close('resourceGone', 'the resource was deleted while it was being put right')
    const [proof, at] = seen instanceof AwsError ? [unread(seen)] : [proofOf(drive, seen.state), seen.at]
    if (proof.kind === 'proven') {
      if (run.plan?.unproven !== undefined) return close('unverified', run.plan.unproven)
      yield { run: { verifiedAt: at } }
      yield* warnOfFaults(drive)
      return { kind: 'proven' }
    }
    if (proof.kind !== 'notYet') return yield* unproven(drive, proof)
    const left = deadline - ports.clock.now()
    if (left <= 0) {
      if (deadline < patience) throw new EndOfInvocation()
      return yield* unproven(drive, proof.otherwise ?? notSeen(ports.patienceSeconds))
    }
    await ports.clock.sleep(Math.min(pause, left))
  }
}

/** A look at what was changed. What may pass is no proof and nothing against it; a denial ends the run. */
async function seenOrWhyNot(drive: Drive): Promise<Seen | AwsError | undefined> {
  try {
    return await inspect(drive, false)
  } catch (error) {
    const mayPass = error instanceof AwsError && (error.kind === 'throttled' || error.kind === 'retryable')
    if (mayPass) return error
    throw error
  }
}

/** What was changed is not undone by a read that fails: it is tried again, and in the end told as what it is. */
function unread({ action, code }: AwsError): Proof {
  const reason = `the change was made, but the live resource could not be read since: ${action} failed: ${code}`
  return { kind: 'notYet', otherwise: { kind: 'unverified', reason } }
}

const notSeen = (seconds: number): Unproven => ({
  kind: 'unverified',
  reason: `the change was accepted but is not to be seen on the live resource after ${seconds} s`,
})

/** What the steps started and said of themselves stands beside what was seen live. */
async function* unproven({ run }: Drive, { kind, reason }: Unproven): Effect<VerifyAnswer> {
  const faults = run.results.filter(isFault)
  if (kind === 'failed') {
    const failed = (result: StepResult): StepResult =>
      isFault(result) ? { ...result, status: 'failed' } : result
    yield { run: { results: run.results.map(failed) } }
  }
  return close(kind, [reason, ...faults.map(({ error }) => error.message)].join('; '))
}

/** The live resource outranks what was said: it is told all the same. */
async function* warnOfFaults({ run, ports }: Drive): Effect<void> {
  for (const { error } of run.results.filter(isFault)) {
    const message = `${error.message}; yet the live resource shows that nothing is left to do`
    yield { run: { warnings: [...(run.warnings ?? []), message] } }
    ports.progress?.({ kind: 'warning', message, run })
  }
}

function proofOf(drive: Drive, state: unknown): Proof {
  const { run, playbook, original, policy } = drive
  const plan = run.plan!
  const pending = playbook.pending?.(state)
  const done: Proof =
    pending === undefined
      ? { kind: 'proven' }
      : { kind: 'notYet', otherwise: { kind: 'unverified', reason: pending } }
  if (original) {
    // Entries are told one by one: an undo may take out such as the first run's own plan did not put there.
    const isBack = plan.steps.every(isMerge)
      ? plan.steps.every((step) => playbook.status(step, state, plan) === 'done')
      : original.plan && playbook.same(playbook.observe(state, original.plan), plan.after)
    return isBack ? done : { kind: 'notYet' }
  }
  if (playbook.command?.proof) return playbook.command.proof(state, plan, sentOf(run))
  const rest = playbook.plan(state, run.findings, run.parameters, run.target, neverOf(policy))
  if (rest.kind === 'compliant') return done
  if (rest.kind === 'notApplicable')
    return rest.nothingKnownIsLeft ? { kind: 'proven' } : { kind: 'unverified', reason: rest.reason }
  const isLeft = plan.steps.some((step) => playbook.status(step, state, plan) !== 'done')
  if (!isLeft) return { kind: 'unverified', reason: CHANGED_MEANWHILE }
  if (rest.kind !== 'steps' || rest.late === undefined) return { kind: 'notYet' }
  const { kind, reason } = notSeen(drive.ports.patienceSeconds)
  return { kind: 'notYet', otherwise: { kind, reason: `${reason}: ${rest.late}` } }
}
