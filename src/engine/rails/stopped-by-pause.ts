import { sameJson } from '../../playbook/json.ts'
import type { Run } from '../../run/run.ts'
import type { RunStore } from '../../run/store.ts'
import { isPausedText } from './kill-switch.ts'

/**
 * Runs that a pause ended and that nothing has answered since, oldest first: no later run of their key, or for an undo
 * none that has taken the run back. Ends of time-boxed blocks are not among them: the sweeper asks for them again.
 * @param limit of the newest closed runs that are looked at
 */
export async function stoppedByPause(store: RunStore, limit?: number): Promise<Run[]> {
  const closed = await store.list({ state: ['closed'], ...(limit !== undefined && { limit }) })
  const stopped = closed.filter((run) => run.outcome === 'blocked' && isPausedText(run.reason) && !run.expiry)
  const unanswered = await Promise.all(stopped.map((run) => isUnanswered(store, run, stopped)))
  return stopped.filter((_, index) => unanswered[index]).reverse()
}

/** @param stopped newest first */
async function isUnanswered(store: RunStore, run: Run, stopped: readonly Run[]): Promise<boolean> {
  const { id, playbook, key, resource, undoOf, unblocks } = run
  if (undoOf === undefined) return (await store.newest(playbook, key)) === id
  const asksTheSame = (other: Run): boolean =>
    other.undoOf === undoOf && sameJson(other.unblocks ?? null, unblocks ?? null)
  if (stopped.find(asksTheSame) !== run) return false
  if (unblocks) return (await store.timeBoxes(resource, unblocks)).length > 0
  return (await store.get(undoOf))?.undoneBy === undefined
}
