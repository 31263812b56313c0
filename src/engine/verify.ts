import type { SettleAnswer, VerifyAnswer } from '../../state-machines/remediation.ts'
import { findMark } from '../aws/marks.ts'
import { AwsError } from '../playbook/aws-error.ts'
import type { Json } from '../playbook/json.ts'
import type { Step } from '../playbook/plan.ts'
import type { Proof, Sent, Settled } from '../playbook/playbook.ts'
import { close } from './close.ts'
import { EndOfInvocation } from './hand-on.ts'
import { markOf } from './mark.ts'
import { neverOf } from './never.ts'
import { inspect, type Session } from './session.ts'
import { failureText } from './step-error.ts'

/** First pause between two looks of a verification, doubled each time up to the last (ms). */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8_000

/** How often a command that runs elsewhere is asked about (ms). */
const POLL_MS = 5_000
/** The same where the command's own event wakes the run, and the timer is only for the event that never comes (ms). */
const FALLBACK_POLL_MS = 300_000

export function pollMs({ ports }: Session): number {
  return ports.waker ? FALLBACK_POLL_MS : POLL_MS
}

/**
 * Proves the change by reading the live resource again: nothing may be left to do. Patient with steps that still look
 * undone (eventual consistency), not with other work that the re-read finds.
 */
export async function verify(session: Session): Promise<VerifyAnswer> {
  const { ports, run } = session
  const patience = ports.clock.now() + ports.patienceSeconds * 1000
  const deadline = Math.min(patience, ports.endsAt ?? Number.POSITIVE_INFINITY)
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const seen = await inspect(session, false)
    if (!seen) return close('resourceGone', 'the resource was deleted while it was being put right')
    const proof = proofOf(session, seen.state)
    if (proof.kind === 'proven' && run.plan?.unproven !== undefined) {
      return close('unverified', run.plan.unproven)
    }
    if (proof.kind === 'proven') {
      run.verifiedAt = seen.at
      return { kind: 'proven' }
    }
    if (proof.kind === 'unverified') return close('unverified', proof.reason)
    if (proof.kind === 'failed') return close('failed', proof.reason)
    const left = deadline - ports.clock.now()
    if (left <= 0) {
      if (deadline < patience) throw new EndOfInvocation()
      return close(
        'unverified',
        `the change was accepted but is not to be seen on the live resource after ${ports.patienceSeconds} s`,
      )
    }
    await ports.clock.sleep(Math.min(pause, left))
  }
}

export const CHANGED_MEANWHILE = 'changed meanwhile: the re-read found other work than was planned'

function proofOf(session: Session, state: unknown): Proof {
  const { run, playbook, original, policy } = session
  const plan = run.plan!
  if (original) {
    const now = original.plan && playbook.observe(state, original.plan)
    if (now !== null && playbook.same(now, plan.after)) return { kind: 'proven' }
    const done = plan.steps.every((step) => step.merge && playbook.status(step, state, plan) === 'done')
    return { kind: done ? 'proven' : 'notYet' }
  }
  if (playbook.proof) return playbook.proof(state, plan, sentOf(session))
  const rest = playbook.plan(state, run.findings, run.parameters, run.target, neverOf(policy))
  if (rest.kind === 'compliant') return { kind: 'proven' }
  if (rest.kind === 'notApplicable') return { kind: 'unverified', reason: rest.reason }
  const undone = plan.steps.some((step) => playbook.status(step, state, plan) !== 'done')
  return undone ? { kind: 'notYet' } : { kind: 'unverified', reason: CHANGED_MEANWHILE }
}

function sentOf({ run }: Session): Sent {
  const details: Record<string, Json> = {}
  for (const { step, detail } of run.results) if (detail !== undefined) details[step] = detail
  return { at: run.changedAt ?? run.startedAt, details }
}

/** Has what the steps started come to its end? */
export async function settle(session: Session): Promise<SettleAnswer> {
  const { run, playbook, ports } = session
  for (const step of run.plan!.steps) {
    if (!step.settles || !playbook.settle) continue
    const settled = await settledAs(session, step)
    if (settled.kind === 'failed') {
      const result = run.results.find((entry) => entry.step === step.id)
      if (result)
        Object.assign(result, {
          status: 'failed',
          error: { name: 'settled', code: 'Failed', message: settled.reason },
        })
      return close('failed', settled.reason)
    }
    if (settled.kind === 'running') {
      const sentAt = run.results.find((entry) => entry.step === step.id)?.at ?? run.changedAt ?? run.startedAt
      if (ports.clock.now() - Date.parse(sentAt) > step.settles.timeoutSeconds * 1000) {
        // It may never have started, or run still: what AWS accepted is not known to have failed.
        return close(
          'unverified',
          `${step.summary}: sent, but not seen to end within ${step.settles.timeoutSeconds} s${settled.why ?? ''}`,
        )
      }
      return { kind: 'running', pollMs: pollMs(session) }
    }
  }
  return { kind: 'ended' }
}

/** How a step that settles elsewhere stands. A read that fails says nothing of it: it is taken to run, with why. */
async function settledAs(session: Session, step: Step): Promise<Settled & { why?: string }> {
  const { run, playbook, ports, reader } = session
  try {
    await findStarted(session, step)
    return await playbook.settle!(step, run.target, sentOf(session), reader)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const { arn } = await ports.aws.identity()
    const message = failureText(error, arn)
    // Asked every few seconds on the command line: the same is told once.
    if (!session.warnings.includes(message)) {
      session.warnings.push(message)
      ports.progress?.({ kind: 'warning', message, run })
    }
    return { kind: 'running', why: ` (last: ${message})` }
  }
}

/** What was started without an answer is looked for by its mark, to be asked about by its id. */
async function findStarted({ run, ports, place }: Session, { id, mark }: Step): Promise<void> {
  const result = run.results.find((entry) => entry.step === id)
  if (!mark || !result || result.evidence !== 'inDoubt') return
  const found = await findMark(ports.aws, place, mark, markOf(run, id), { clock: ports.clock, patienceMs: 0 })
  if (found !== undefined) Object.assign(result, { evidence: 'mark', detail: { [mark.id]: found } })
}
