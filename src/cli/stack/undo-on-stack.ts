import type { Report } from '../../engine/ports.ts'
import { Refused } from '../../engine/refusals.ts'
import { ulids } from '../../engine/system.ts'
import { begunUndo, undoable } from '../../engine/undo/undoable.ts'
import { undoText } from '../../reports/run/undo-text.ts'
import type { Invocation } from '../program/invocation.ts'
import { confirmed } from '../terminal/confirmed.ts'
import type { Stack } from './deployment.ts'
import { follow } from './follow.ts'
import { waitsForOthers } from './waits-for-others.ts'

/** An undo waits once, to be confirmed: the functions do that for whoever asked for it. */
export const CONFIRMED_AT_REVISION = 1

/**
 * Has a deployment take a run back: shows what that opens again, asks, sends the request in the caller's name, and
 * follows the run that comes of it.
 * @param restFor ISO 8601 duration: how long what was taken back is left alone
 * @throws Refused when nobody says yes, or nothing has come of it after three minutes
 */
export async function undoOnStack(
  invocation: Invocation,
  stack: Stack,
  id: string,
  { restFor, titles }: { restFor: string; titles: Record<string, string> },
): Promise<Report> {
  const { output } = invocation
  const original = await undoable(stack.store, id)
  output.note(`\n${undoText(original, titles[original.playbook] ?? original.playbook, output.notePaint)}\n`)
  if (!(await confirmed(invocation, 'Take this back?'))) {
    throw new Refused(original, 'not undone: nobody said yes to it; --yes does')
  }
  const begun = await begunUndo(stack.store, original)
  const { arn: by } = await stack.aws.identity()
  const as = ulids().next()
  await stack.runs.send(
    { kind: 'undo', run: original.id, restFor, by, as },
    original.resource,
    `${original.id}-undo-${as}`,
  )
  output.note(`asked stack ${stack.name} to undo run ${original.id}, as ${by}`)
  const expected = begun ?? { id: as, revision: CONFIRMED_AT_REVISION }
  const run = await follow(expected.id, expected.revision, stack, invocation, waitsForOthers(by))
  if (!run) throw new Refused(original, 'nothing has come of it yet: `rectify runs` shows when it has')
  return { runs: [run], ignored: [] }
}
