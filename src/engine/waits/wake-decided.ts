import type { Run } from '../../run/run.ts'
import type { Waker } from '../ports.ts'

/** Wakes a run that was decided about, by whatever way; `run` has the decisions. */
export async function wakeDecided(wakes: Pick<Waker, 'now'>, run: Run): Promise<void> {
  // A decision leaves the revision as it is.
  await wakes.now(run, 'decision', `${run.revision}-${run.decisions.length}`)
}
