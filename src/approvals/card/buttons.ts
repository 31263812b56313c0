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
export const boundTo = (run: Run): string => boundValue({ run: run.id, hash: run.plan?.hash ?? '' })

/**
 * The buttons of a run: to decide only while it is asked, to undo only what can be undone.
 * @param place on a card of its own, or as an item of a list, where there is less room
 */
export function runButtons(run: Run, stage: Stage, place: 'card' | 'item' = 'card'): CardBlock[] {
  if (stage === 'unknown' || !run.plan) return []
  const elements = [
    ...(stage === 'asking' ? decideButtons(run) : []),
    ...(stage === 'asking' && place === 'card' && canBeExempted(run)
      ? [button(ACTION.exempt, 'Exempt…', boundTo(run))]
      : []),
    ...(stage === 'closed' && canBeUndone(run) ? [undoButton(run)] : []),
    button(ACTION.details, 'Details', boundTo(run)),
  ]
  return [actions(`run-${run.id}`, elements)]
}

/** An undo comes of a person or of a block's end, and of no finding that could be exempted. */
const canBeExempted = ({ undoOf }: Run): boolean => undoOf === undefined

function decideButtons(run: Run): Button[] {
  const confirm = approvalDialog(run)
  return [
    button(ACTION.approve, 'Approve', boundTo(run), { style: 'primary', ...(confirm && { confirm }) }),
    button(ACTION.decline, 'Decline', boundTo(run), { style: 'danger' }),
  ]
}

/** What is asked once more before an approval; undefined where everything can be taken back. */
function approvalDialog(run: Run): ConfirmationDialog | undefined {
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
    text: 'It puts back what was there before, where the resource still is as the run left it.',
    yes: 'Undo',
    style: 'danger',
  })
  return button(ACTION.undo, 'Undo', boundTo(run), { style: 'danger', confirm })
}
