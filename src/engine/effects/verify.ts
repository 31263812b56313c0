import { close, type VerifyAnswer } from '../../../state-machines/effects.ts'
import type { Proof, Unproven } from '../../playbook/playbook.ts'
import { neverOf } from '../../policy/never.ts'
import type { StepResult } from '../../run/run.ts'
import { isMerge } from '../change/set-merge.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect } from '../drive/facts.ts'
import { inspect } from '../drive/inspect.ts'
import { EndOfInvocation } from '../drive/out-of-time.ts'
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
    const seen = await inspect(drive, false)
    if (!seen) return close('resourceGone', 'the resource was deleted while it was being put right')
    const proof = proofOf(drive, seen.state)
    if (proof.kind === 'proven' && run.plan?.unproven !== undefined) {
      return close('unverified', run.plan.unproven)
    }
    if (proof.kind === 'proven') {
      yield { run: { verifiedAt: seen.at } }
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

export const CHANGED_MEANWHILE = 'changed meanwhile: the re-read found other work than was planned'

function proofOf(drive: Drive, state: unknown): Proof {
  const { run, playbook, original, policy } = drive
  const plan = run.plan!
  if (original) {
    // Entries are told one by one: an undo may take out such as the first run's own plan did not put there.
    const done = plan.steps.every(isMerge)
      ? plan.steps.every((step) => playbook.status(step, state, plan) === 'done')
      : original.plan && playbook.same(playbook.observe(state, original.plan), plan.after)
    return { kind: done ? 'proven' : 'notYet' }
  }
  if (playbook.command?.proof) return playbook.command.proof(state, plan, sentOf(run))
  const rest = playbook.plan(state, run.findings, run.parameters, run.target, neverOf(policy))
  if (rest.kind === 'compliant') return { kind: 'proven' }
  if (rest.kind === 'notApplicable')
    return rest.nothingKnownIsLeft ? { kind: 'proven' } : { kind: 'unverified', reason: rest.reason }
  const undone = plan.steps.some((step) => playbook.status(step, state, plan) !== 'done')
  return undone ? { kind: 'notYet' } : { kind: 'unverified', reason: CHANGED_MEANWHILE }
}
