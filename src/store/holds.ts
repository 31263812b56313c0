import type { Hold, HoldChange } from './store.ts'
import type { Rows } from './tables.ts'

/** Makes a change to the holds of a commit. */
export function changeHold(rows: Pick<Rows, 'holds' | 'putHold' | 'dropHold'>, change: HoldChange): void {
  if (change.op === 'drop') {
    rows.dropHold(change)
    return
  }
  const { hold, onlyIfOurs, now } = change
  const holders = rows.holds(hold.resource, hold.entry)
  const madeBy = onlyIfOurs ? makerOf(holders) : hold.madeBy
  if (madeBy === undefined) return
  for (const other of holders) if (now !== undefined && other.until <= now) rows.dropHold(other)
  rows.putHold({ ...hold, madeBy })
}

/** When the end of a hold is to be carried out, ms since 1970, UTC. */
export function dueAt({ until, notBefore = until }: Hold): number {
  return Math.max(until, notBefore)
}

/** The run that put an entry there, as the hold knows it that ends last; undefined: nobody holds the entry. */
export function makerOf(holders: readonly Hold[]): string | undefined {
  return holders.toSorted((a, b) => b.until - a.until)[0]?.madeBy
}
