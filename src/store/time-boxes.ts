import type { TimeBox, TimeBoxChange } from '../run/store.ts'
import type { Rows } from './tables.ts'

/**
 * So many holders of an entry are told apart. What a set holds must fit into the items of a table
 * (`dynamodb/time-boxes/buckets.ts`): 10,000 entries, each with so many holders, do.
 */
export const MOST_HOLDERS = 20

/** The key of one holder that stands for all that came when there were `MOST_HOLDERS`; it ends with the last of them. */
export const FURTHER = '*'

/** Makes a change to the holds of a commit. */
export function changeTimeBox(
  rows: Pick<Rows, 'timeBoxes' | 'putTimeBox' | 'dropTimeBox'>,
  change: TimeBoxChange,
): void {
  if (change.op === 'drop') {
    dropOrEnd(rows, change)
    return
  }
  const { timeBox, onlyIfOurs, now } = change
  const holders = rows.timeBoxes(timeBox.resource, timeBox.entry)
  const madeBy = onlyIfOurs ? makerOf(holders) : timeBox.madeBy
  if (madeBy === undefined) return
  const ended = holders.filter(({ until }) => now !== undefined && until <= now)
  for (const other of ended) rows.dropTimeBox(other)
  const left = holders.filter((other) => !ended.includes(other))
  rows.putTimeBox(withinBound({ ...timeBox, madeBy }, left))
}

function dropOrEnd(
  rows: Pick<Rows, 'timeBoxes' | 'putTimeBox' | 'dropTimeBox'>,
  { endsAt, ...dropped }: Extract<TimeBoxChange, { op: 'drop' }>,
): void {
  const holders = rows.timeBoxes(dropped.resource, dropped.entry)
  const [last] = holders
  const isLast = holders.length === 1 && last?.key === dropped.key
  if (endsAt !== undefined && last && isLast)
    rows.putTimeBox({ ...last, until: Math.min(last.until, endsAt) })
  else rows.dropTimeBox(dropped)
}

/** The hold as it is kept beside the others of its entry. */
function withinBound(timeBox: TimeBox, others: readonly TimeBox[]): TimeBox {
  const isKnown = others.some(({ key }) => key === timeBox.key)
  const apart = others.filter(({ key }) => key !== FURTHER).length
  if (isKnown || apart < MOST_HOLDERS) return timeBox
  const further = others.find(({ key }) => key === FURTHER)
  return { ...timeBox, key: FURTHER, until: Math.max(timeBox.until, further?.until ?? 0) }
}

/** When the end of a hold is to be carried out, ms since 1970, UTC. */
export function dueAt({ until, notBefore = until }: TimeBox): number {
  return Math.max(until, notBefore)
}

/** The run that put an entry there, as the hold knows it that ends last; undefined: nobody holds the entry. */
export function makerOf(holders: readonly TimeBox[]): string | undefined {
  return holders.toSorted((a, b) => b.until - a.until)[0]?.madeBy
}
