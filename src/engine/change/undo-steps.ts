import { fillArn } from '../../playbook/playbook.ts'
import type { Permission, Step, UndoCall } from '../../playbook/step.ts'
import type { Drive } from '../drive/drive.ts'

/**
 * The steps that take a step back by its stored undo.
 * @param entriesOf of a merge, which of the entries that its undo would take out it shall take out; none: no step
 */
export function undoSteps(
  drive: Drive,
  step: Step,
  entriesOf: (entries: string[]) => string[] = (entries) => entries,
): Step[] {
  if (!Array.isArray(step.undo)) return []
  return step.undo.flatMap((undo, index): Step[] => {
    const { merge: inverse, ...call } = undo
    const base = {
      id: `undo-${step.id}${index ? `-${index + 1}` : ''}`,
      call,
      permissions: permissionsOf(drive, step, undo),
    }
    if (!inverse) return [{ kind: 'call', ...base, summary: `undo: ${step.summary}`, undo: [step.call] }]
    const out = entriesOf(inverse.remove)
    const back = inverse.add
    if (out.length + back.length === 0) return []
    const doings = [
      ...(out.length > 0 ? [`take ${out.join(', ')} out again`] : []),
      ...(back.length > 0 ? [`put ${back.join(', ')} back`] : []),
    ]
    return [
      {
        kind: 'merge',
        ...base,
        summary: doings.join(', '),
        merge: { ...inverse, remove: out },
        undo: [{ ...call, merge: { ...inverse, add: out, remove: back } }],
      },
    ]
  })
}

/** What the step itself needed, where its undo is the same action; else what the playbook declares for it. */
function permissionsOf(
  { run, playbook, place, ports }: Drive,
  step: Step,
  { service, operation, input }: UndoCall,
): Permission[] {
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
