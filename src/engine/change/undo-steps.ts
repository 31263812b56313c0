import type { Json } from '../../playbook/json.ts'
import { fillArn } from '../../playbook/playbook.ts'
import { liveNamed, type Permission, type Step, type UndoCall } from '../../playbook/step.ts'
import type { Drive } from '../drive/drive.ts'

/**
 * The steps that take a step back by its stored undo.
 * @param observed what the resource is now, for undos that name what AWS has called it
 * @param entriesOf of a merge, which of the entries that its undo would take out it shall take out; none: no step
 */
export function undoSteps(
  drive: Drive,
  step: Step,
  observed: Json,
  entriesOf: (entries: string[]) => string[] = (entries) => entries,
): Step[] {
  if (!Array.isArray(step.undo)) return []
  return step.undo.flatMap((undo, index): Step[] => {
    const { merge: inverse, ...planned } = undo
    const call = { ...planned, input: withLive(planned.input, observed) }
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

/**
 * What the step itself needed, where its undo is an action of it, with all that AWS asks besides; else what the playbook
 * declares for it.
 */
function permissionsOf(
  { run, playbook, place, ports }: Drive,
  step: Step,
  { service, operation, input }: UndoCall,
): Permission[] {
  const action = ports.aws.services.iamAction({ service, operation })
  const own = step.permissions.filter((permission) => permission.action === action)
  const besides = new Set(playbook.writesAlsoNeed?.map((each) => each.action))
  if (own.length > 0) return [...own, ...step.permissions.filter((each) => besides.has(each.action))]
  const tags = 'TagSpecifications' in input
  return playbook.writes
    .filter((write) => write.action === action || (tags && write.action.endsWith(':CreateTags')))
    .map((write) => ({
      action: write.action,
      resource: fillArn(write.resource, { ...place, id: run.target.id }),
    }))
}

/** The input with the names that AWS has given meanwhile. One that is not to be seen stays as it is: AWS refuses it. */
function withLive(input: Record<string, unknown>, observed: Json): Record<string, unknown> {
  if (observed === null || typeof observed !== 'object' || Array.isArray(observed)) return input
  const names = new Map(Object.entries(observed).map(([name, value]) => [liveNamed(name), value]))
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled)
    return typeof value === 'string' ? (names.get(value) ?? value) : value
  }
  return Object.fromEntries(Object.entries(input).map(([field, value]) => [field, filled(value)]))
}
