import type { Run } from './run.ts'
import type { RunFilter, RunStore } from './store.ts'

/** Runs that are read at once. */
const PAGE = 200

/** Most runs that are read for figures: what a deployment of a large organization closes in 90 days. */
export const MOST_VISITED = 200_000

type Listing = Pick<RunStore, 'list'>

/** Runs, newest first, read page by page: none is held but those of one page. */
export async function* newestRuns(store: Listing, filter: Pick<RunFilter, 'since'>): AsyncGenerator<Run> {
  for (let behind: Run | undefined; ; ) {
    const page: Run[] = await store.list({ ...filter, limit: PAGE, ...(behind && { behind }) })
    yield* page
    behind = page.at(-1)
    if (page.length < PAGE) return
  }
}

/** How far a visit came. */
export interface Visited {
  runs: number
  /** Whether there are more that were not read. */
  isCut: boolean
}

/**
 * Shows runs, newest first, to somebody who keeps only figures of them.
 * @param most so many are shown, and no more
 */
export async function visitRuns(
  store: Listing,
  filter: Pick<RunFilter, 'since'>,
  visit: (run: Run) => void,
  most = MOST_VISITED,
): Promise<Visited> {
  let runs = 0
  for await (const run of newestRuns(store, filter)) {
    if (runs === most) return { runs, isCut: true }
    runs++
    visit(run)
  }
  return { runs, isCut: false }
}
