import { appliedSteps } from '../../engine/change/applied-steps.ts'
import { doneByOthers } from '../../engine/change/own-part.ts'
import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { changeLines, heading } from './plan-text.ts'

/**
 * What taking a run back would do, as far as the run itself tells: the undo is planned on the live resource only when
 * it runs, and goes only where the resource still is as the run left it.
 */
export function undoText(run: Run, title: string, paint: Paint): string {
  const steps = appliedSteps(run).reverse()
  const changes = run.plan
    ? changeLines({ ...run.plan, steps, before: run.plan.after, after: run.plan.before }, paint)
    : []
  const facts = [
    ...steps.flatMap(({ undo, summary }) =>
      Array.isArray(undo)
        ? undo.map(({ service, operation }) => [
            'call',
            `${service}:${operation} ${paint.faint(visible(`undo: ${summary}`))}`,
          ])
        : [[paint.warn('stays'), paint.warn(visible(`${summary}: ${undo.irreversible}`))]],
    ),
    ...(run.timeBoxes?.entries ?? []).map((entry) => ['lets go of', visible(entry)]),
    ...doneByOthers(run).map((id) => [
      'stays',
      visible(`${id}: somebody else had dealt with it before the run did`),
    ]),
    [paint.warn('warning'), paint.warn('opens again what the run closed')],
    ['undoes', run.id],
  ]
  return [
    heading({ ...run, undoOf: run.id }, title, paint),
    '',
    ...changes,
    '',
    ...columns(facts).map((line) => `  ${line}`),
  ].join('\n')
}
