import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { endText } from './run-text.ts'

/**
 * What a person must know who has interrupted a command: which runs had begun to change something, what was sent, and
 * how to go on.
 * @param options what the commands that are proposed need more
 */
export function interruptedText(runs: readonly Run[], paint: Paint, options: string): string {
  const begun = runs.filter(({ changedAt }) => changedAt !== undefined)
  const unfinished = begun.some(({ state }) => state !== 'closed')
  if (begun.length === 0) return paint.warn('interrupted: no change was sent')
  return [
    paint.warn('interrupted; until then this was done:'),
    ...begun.flatMap((run) => block(run, paint, options)),
    ...(unfinished
      ? [
          `Go on: rectify sweep${options}`,
          '  It looks how each resource is now, sends what is still to be done and nothing twice, and proves it.',
        ]
      : []),
  ].join('\n')
}

function block(run: Run, paint: Paint, options: string): string[] {
  const { id, target, playbook, state } = run
  const end = state === 'closed' ? endText(run, paint) : paint.warn('not finished')
  const rows = [...(state === 'closed' ? [] : sent(run, paint)), ['run', `rectify runs ${id}${options}`]]
  return [
    `${end}  ${paint.strong(visible(target.id))} ${paint.faint(playbook)}`,
    ...columns(rows).map((line) => `  ${line}`),
  ]
}

/** A step whose answer is there was sent; the first without one was under way; the others were not. */
function sent({ plan, results }: Run, paint: Paint): string[][] {
  const steps = plan?.steps ?? []
  const answered = (id: string) => results.some(({ step, status }) => step === id && STANDS.includes(status))
  const underWay = steps.find(({ id }) => !answered(id))
  return steps.map((step) => {
    const what = `${step.call.service}:${step.call.operation} ${paint.faint(visible(step.summary))}`
    if (answered(step.id)) return ['sent', what]
    return step === underWay ? [paint.warn('perhaps sent'), what] : ['not sent', what]
  })
}

const STANDS = ['applied', 'alreadyDone']
