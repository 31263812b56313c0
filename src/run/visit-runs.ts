import type { Run } from './run.ts'
import type { RunFilter, RunStore } from './store.ts'

/** Most runs that are read for figures: what a deployment of a large organization closes in 90 days. */
export const MOST_VISITED = 200_000

/** How far a visit came. */
export interface Visited {
  runs: number
  /** Whether there are more that were not read. */
  isCut: boolean
}

/**
 * Shows runs to somebody who keeps only figures of them, newest first, page by page as the store reads them: none is
 * held.
 * @param most so many are shown, and no more
 */
export async function visitRuns(
  store: Pick<RunStore, 'list'>,
  filter: Pick<RunFilter, 'state' | 'since'>,
  visit: (run: Run) => void,
  most = MOST_VISITED,
): Promise<Visited> {
  let runs = 0
  const where = (run: Run): boolean => {
    if (runs === most) return true
    runs++
    visit(run)
    return false
  }
  const further = await store.list({ ...filter, where, limit: 1 })
  return { runs, isCut: further.length > 0 }
}
