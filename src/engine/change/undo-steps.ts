import type { Step, UndoCall } from '../../playbook/plan.ts'
import { fillArn } from '../../playbook/playbook.ts'
import type { Session } from '../drive/driven.ts'

/**
 * The steps that take a step back by its stored undo.
 * @param entriesOf of a merge, which of the entries that its undo would take out it shall take out; none: no step
 */
export function undoSteps(
  session: Session,
  step: Step,
  entriesOf: (entries: string[]) => string[] = (entries) => entries,
): Step[] {
  if (!Array.isArray(step.undo)) return []
  return step.undo.flatMap((undo, index): Step[] => {
    const { merge: inverse, ...call } = undo
    const base = {
      id: `undo-${step.id}${index ? `-${index + 1}` : ''}`,
      call,
      retry: 'safe' as const,
      permissions: permissionsOf(session, step, undo),
    }
    if (!inverse) return [{ ...base, summary: `undo: ${step.summary}`, undo: [step.call] }]
    const left = entriesOf(inverse.remove)
    if (left.length === 0) return []
    return [
      {
        ...base,
        summary: `take ${left.join(', ')} out again`,
        merge: { ...inverse, remove: left },
        undo: [{ ...call, merge: { ...inverse, add: left, remove: [] } }],
      },
    ]
  })
}

/** What the step itself needed, where its undo is the same action; else what the playbook declares for it. */
function permissionsOf(
  { run, playbook, place, ports }: Session,
  step: Step,
  { service, operation, input }: UndoCall,
) {
  const action = ports.aws.services.iamAction({ service, operation })
  const own = step.permissions.filter((permission) => permission.action === action)
  if (own.length > 0) return own
  const tags = 'TagSpecifications' in input
  return playbook.writes
    .filter((write) => write.action === action || (tags && write.action.endsWith(':CreateTags')))
    .map((write) => ({
      action: write.action,
      resource: fillArn(write.resource, { ...place, id: run.target.id }),
    }))
}
