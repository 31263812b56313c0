/** What can be taken back, and what is being taken back: asked before anything is driven. */
import { undoesOf } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { BadRequest } from '../refusals.ts'
import { runCalled, runFoundBy } from '../run-called.ts'
import { boxedEntries, holdersOf, isOwn } from './holders.ts'

/** The run that is under way because a person takes a run back: no expiry of its entries, no unblocking of one. */
export function begunUndo(store: Pick<RunStore, 'foundBy' | 'get'>, original: Run): Promise<Run | undefined> {
  return runFoundBy(store, undoesOf(original.id))
}

/** The run, if it changed or holds something that can be taken back; `BadRequest` says why not. */
export async function undoable(
  store: Pick<RunStore, 'get' | 'list' | 'timeBoxes'>,
  id: string,
): Promise<Run> {
  const run = await runCalled(store, id)
  if (run.undoOf) throw new BadRequest('usage', `run ${run.id} is itself an undo; ${closedAgain(run)}`)
  if (run.waitingFor === 'approval') {
    const advice = `\`rectify decline ${run.id} --reason TEXT\` ends it`
    throw new BadRequest(
      'usage',
      `run ${run.id} has changed nothing yet: it waits for an approval; ${advice}`,
    )
  }
  if (run.state !== 'closed') {
    const advice = 'carry it on with `rectify sweep`, then undo it'
    throw new BadRequest('usage', `run ${run.id} is still ${run.state}; ${advice}`)
  }
  if (appliedSteps(run).length > 0) return run
  const wanted = boxedEntries(run)
  const holders = wanted.length > 0 ? await holdersOf(store, run.resource, wanted) : []
  if (holders.some((holder) => isOwn(holder, run))) return run
  const [other] = holders
  const more = other
    ? `, and is none of those who are told apart as holders of ${other.entry}; \`rectify unblock ${other.entry}\` takes it out for all of them`
    : `${wanted.length > 0 ? ', and holds no entry of a set any more' : ''}: there is nothing to undo`
  throw new BadRequest('usage', `run ${run.id} (${run.outcome}) changed nothing${more}`)
}

/** How what an undo has opened is closed again: not by the same finding as long as the undo holds it. */
function closedAgain({ restUntil }: Run): string {
  const from = restUntil === undefined ? '' : `from ${restUntil} on, `
  return `what it opened is closed again by its finding: ${from}hand that in once more (\`rectify apply EVENT\`)`
}
