import pLimit from 'p-limit'
import type { Answer } from '../../engine/ports.ts'
import { isHashOf } from '../../playbook/plan.ts'
import { planText } from '../../reports/run/plan-text.ts'
import type { Run } from '../../run/run.ts'
import type { Shared } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'
import { whileAnswerable } from './end-of-input.ts'
import type { Output } from './output.ts'

/** What was said on the command line about plans that need a word. */
interface Standing {
  yes: boolean | undefined
  approve: string | undefined
}

/**
 * The answer that was given on the command line: `--approve HASH` is for exactly that plan, whatever else is said;
 * `--yes` for the first plan of a run. Undefined: a person must be asked.
 */
function standingAnswer({ yes, approve }: Standing, run: Run, firstRound: boolean): Answer | undefined {
  if (approve !== undefined) return isHashOf(approve, run.plan) ? { kind: 'approve' } : undefined
  return yes && firstRound ? { kind: 'approve' } : undefined
}

/**
 * Answers for the engine: from the command line, else from the person at the terminal, one question at a time, else
 * the run is left waiting.
 */
export function terminalAnswers(
  shared: Shared,
  output: Output,
  titles: Record<string, string>,
): (run: Run) => Promise<Answer> {
  const { yes, approve } = shared
  const asked = new Set<string>()
  const oneAtATime = pLimit(1)
  /** Somebody has interrupted a question: no other is asked. */
  let enough = false
  return async (run) => {
    const firstRound = !asked.has(run.id)
    asked.add(run.id)
    const given = standingAnswer({ yes, approve }, run, firstRound)
    if (given) return given
    if (!output.interactive) return { kind: 'leave' }
    return oneAtATime(async () => {
      if (enough) return { kind: 'leave' }
      const title = titles[run.playbook] ?? run.playbook
      const answer = await askPerson(run, output, { title, firstRound, more: sameWay({ shared }) })
      enough = answer === 'interrupted'
      if (answer !== 'interrupted') return answer
      output.note('No further question is asked; what waits for a word is left waiting.')
      return { kind: 'leave' }
    })
  }
}

/** A yes or no at the terminal; Ctrl-C and Ctrl-D are no. */
export async function saysYes(output: Output, question: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  const said = await output.asking(() =>
    whileAnswerable((signal) =>
      confirm({ message: question, initialValue: false, output: process.stderr, signal }),
    ),
  )
  return said === true
}

async function askPerson(
  run: Run,
  output: Output,
  { title, firstRound, more }: { title: string; firstRound: boolean; more: string },
): Promise<Answer | 'interrupted'> {
  const { isCancel, select, text } = await import('@clack/prompts')
  if (!firstRound) output.note('The resource has changed since you were asked. This is the plan now:')
  output.note(`\n${planText(run, title, output.notePaint)}\n`)
  const ask = async (signal: AbortSignal): Promise<Answer | 'interrupted'> => {
    const answer = await select({
      signal,
      message: run.undoOf ? 'Take this back?' : 'Change this?',
      output: process.stderr,
      initialValue: 'leave',
      options: [
        { value: 'leave', label: 'leave it waiting', hint: `rectify approve ${run.id}${more}` },
        { value: 'approve', label: 'approve', hint: 'exactly this plan' },
        { value: 'decline', label: 'decline' },
      ],
    })
    if (isCancel(answer)) return 'interrupted'
    if (answer === 'approve') return { kind: 'approve' }
    if (answer !== 'decline') return { kind: 'leave' }
    const reason = await text({
      message: 'Why not?',
      output: process.stderr,
      placeholder: 'optional',
      signal,
    })
    if (isCancel(reason)) return 'interrupted'
    return reason ? { kind: 'decline', reason } : { kind: 'decline' }
  }
  return output.asking(() => whileAnswerable(ask))
}
