import type { SettleAnswer } from '../../../state-machines/remediation.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Step } from '../../playbook/plan.ts'
import type { Settled } from '../../playbook/playbook.ts'
import type { Run } from '../../run/run.ts'
import { markOf } from '../change/mark.ts'
import { findStarted } from '../change/read-back.ts'
import { close } from '../close.ts'
import type { Session } from '../drive/driven.ts'
import { faultOf, sentOf } from './sent.ts'
import { failureText } from './step-error.ts'

/** How often a command that runs elsewhere is asked about (ms). */
const POLL_MS = 5_000
/** The same where the command's own event wakes the run, and the timer is only for the event that never comes (ms). */
const FALLBACK_POLL_MS = 300_000

export function pollMs({ ports }: Session): number {
  return ports.waker ? FALLBACK_POLL_MS : POLL_MS
}

/** Has what the steps started come to its end? */
export async function settle(session: Session): Promise<SettleAnswer> {
  const { run, playbook, ports } = session
  for (const step of run.plan!.steps) {
    if (!step.settles || !playbook.settle) continue
    const settled = await settledAs(session, step)
    const result = run.results.find((entry) => entry.step === step.id)
    if (settled.kind === 'ended' && settled.fault !== undefined && result)
      result.error = faultOf(settled.fault)
    if (settled.kind === 'running') {
      const sentAt = result?.at ?? run.changedAt ?? run.startedAt
      const overdue = ports.clock.now() - Date.parse(sentAt) > step.settles.timeoutSeconds * 1000
      if (!overdue) return { kind: 'running', pollMs: pollMs(session) }
      // It may never have started, or run still: what AWS accepted is not known to have failed.
      const what = result?.evidence === 'inDoubt' ? lostText(run, step) : 'sent, but not seen to end'
      const within = `within ${step.settles.timeoutSeconds} s${settled.why ?? ''}`
      return close('unverified', `${step.summary}: ${what} ${within}`)
    }
  }
  return { kind: 'ended' }
}

function lostText(run: Run, { id, mark }: Step): string {
  const unseen = mark ? `; nothing with ${mark.field} ${markOf(run, id)} was seen` : ''
  return `the answer to its call was lost and it was not sent again${unseen}`
}

/** How a step that settles elsewhere stands. A read that fails says nothing of it: it is taken to run, with why. */
async function settledAs(session: Session, step: Step): Promise<Settled & { why?: string }> {
  const { run, playbook, ports, reader } = session
  try {
    await findUnanswered(session, step)
    return await playbook.settle!(step, run.target, sentOf(run), reader)
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
async function findUnanswered(session: Session, step: Step): Promise<void> {
  const result = session.run.results.find((entry) => entry.step === step.id)
  if (result?.evidence !== 'inDoubt') return
  const detail = await findStarted(session, step, 0)
  if (detail) Object.assign(result, { evidence: 'mark', detail })
}
