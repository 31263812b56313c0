import type { Button, ConfirmationDialog } from '@slack/types'
import { canBeUndone } from '../../engine/change/applied-steps.ts'
import { isCautioned } from '../../engine/effects/cautioned.ts'
import type { Run } from '../../run/run.ts'
import { ACTION, boundValue } from './action-ids.ts'
import { actions, button, type CardBlock, dialog } from './blocks.ts'
import { cutAt } from './escape.ts'
import { irreversible } from './plan-lines.ts'
import type { Stage } from './stage.ts'
import { resourceText } from './what-is-wrong.ts'

/** The value of each button of a run: the run, and the plan that is shown. */
export const valueOf = (run: Run): string => boundValue({ run: run.id, hash: run.plan?.hash ?? '' })

/** The buttons of a run's card: to decide only while it is asked, to undo only what can be undone. */
export function runButtons(run: Run, stage: Stage): CardBlock[] {
  const elements = buttonsFor(run, stage)
  return elements.length === 0 ? [] : [actions(`run-${run.id}`, elements)]
}

function buttonsFor(run: Run, stage: Stage): Button[] {
  const details = button(ACTION.details, 'Details', valueOf(run))
  if (stage === 'unknown' || !run.plan) return []
  if (stage === 'asking') {
    const exempt = button(ACTION.exempt, 'Exempt…', valueOf(run))
    // An undo comes of a person or of a block's end, and not of a finding that could be exempted.
    return [...decideButtons(run), ...(run.undoOf === undefined ? [exempt] : []), details]
  }
  return stage === 'closed' && canBeUndone(run) ? [undoButton(run), details] : [details]
}

export function decideButtons(run: Run): Button[] {
  const confirm = approvalDialog(run)
  return [
    button(ACTION.approve, 'Approve', valueOf(run), { style: 'primary', ...(confirm && { confirm }) }),
    button(ACTION.decline, 'Decline', valueOf(run), { style: 'danger' }),
  ]
}

/** What is asked once more before an approval; undefined where everything can be taken back. */
export function approvalDialog(run: Run): ConfirmationDialog | undefined {
  const steps = irreversible(run.plan)
  if (steps.length === 0 && !isCautioned(run)) return undefined
  const [first] = steps
  const text = first
    ? `Cannot be undone: ${cutAt(first.summary, 160)}${steps.length > 1 ? `, and ${steps.length - 1} more` : ''}.`
    : 'The plan has warnings that a person shall have read.'
  return dialog({ title: `Approve for ${resourceText(run, 60)}?`, text, yes: 'Approve', style: 'danger' })
}

function undoButton(run: Run): Button {
  const confirm = dialog({
    title: `Undo for ${resourceText(run, 60)}?`,
    text: 'It opens again what the run closed, where the resource still is as the run left it.',
    yes: 'Undo',
    style: 'danger',
  })
  return button(ACTION.undo, 'Undo', valueOf(run), { style: 'danger', confirm })
}
