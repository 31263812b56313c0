import { close, type SettleAnswer } from '../../../state-machines/effects.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Settled } from '../../playbook/playbook.ts'
import type { CommandStep, Step } from '../../playbook/step.ts'
import type { Run, StepResult } from '../../run/run.ts'
import { findStarted, markOf } from '../change/command.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect, Facts } from '../drive/facts.ts'
import { faultOf, sentOf } from './sent.ts'
import { failureText } from './step-error.ts'

/** Has what the steps started come to its end? */
export async function* settle(drive: Drive): Effect<SettleAnswer> {
  const { run, playbook, ports } = drive
  for (const step of run.plan!.steps.filter(startsSomething)) {
    if (!playbook.command) continue
    const settled = yield* settledAs(drive, step)
    if (settled.kind === 'ended') {
      if (settled.fault !== undefined) yield changed(run, step, { error: faultOf(settled.fault) })
      continue
    }
    const result = resultOf(run, step)
    const sentAt = result?.at ?? run.changedAt ?? run.startedAt
    const overdue = ports.clock.now() - Date.parse(sentAt) > step.settles.timeoutSeconds * 1000
    if (!overdue) return { kind: 'running', pollMs: ports.waits.commandPollMs }
    // It may never have started, or run still: what AWS accepted is not known to have failed.
    const what = result?.knownBy === 'inDoubt' ? lostText(run, step) : 'sent, but not seen to end'
    const within = `within ${step.settles.timeoutSeconds} s${settled.why ?? ''}`
    return close('unverified', `${step.summary}: ${what} ${within}`)
  }
  return { kind: 'ended' }
}

const startsSomething = (step: Step): step is CommandStep => step.kind === 'command'

const resultOf = ({ results }: Pick<Run, 'results'>, { id }: Step) => results.find(({ step }) => step === id)

/** The result of a step with something more. */
function changed({ results }: Pick<Run, 'results'>, { id }: Step, more: Partial<StepResult>): Facts {
  return { run: { results: results.map((result) => (result.step === id ? { ...result, ...more } : result)) } }
}

function lostText(run: Pick<Run, 'id' | 'round'>, { id, mark }: CommandStep): string {
  const unseen = `nothing with ${mark.field} ${markOf(run, id)} was seen`
  return `the answer to its call was lost and it was not sent again; ${unseen}`
}

/** How a step that settles elsewhere stands. A read that fails says nothing of it: it is taken to run, with why. */
async function* settledAs(drive: Drive, step: CommandStep): Effect<Settled & { why?: string }> {
  const { run, playbook, ports, reader } = drive
  try {
    // What was started without an answer is looked for by its mark, to be asked about by its id.
    if (resultOf(run, step)?.knownBy === 'inDoubt') {
      const detail = await findStarted(drive, step, 0)
      if (detail) yield changed(run, step, { knownBy: 'mark', detail })
    }
    return await playbook.command!.settle(step, run.target, sentOf(run), reader)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const { arn } = await ports.aws.identity()
    const message = failureText(error, arn)
    // Asked every few seconds on the command line: the same is told once.
    if (!drive.warnings.includes(message)) {
      yield { warning: message }
      ports.progress?.({ kind: 'warning', message, run })
    }
    return { kind: 'running', why: ` (last: ${message})` }
  }
}
