/** The runs that holds point to say how their entries are taken out: they stay in the table as long as the holds. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { TimeBoxChange } from '../../../run/store.ts'
import { dueAt } from '../../time-boxes.ts'
import { type Connection, getItems } from '../connection.ts'
import { numberOf } from '../items.ts'
import { runKey } from '../keys.ts'
import { expiryWithHolds, keptLongEnough } from '../retention.ts'
import { update } from '../write-actions.ts'
import { type Bucket, timeBoxesAfter } from './buckets.ts'

/** By the ids of the runs to which the holds that are put here point: when the last of these holds is to end, in ms. */
export function neededUntil(
  buckets: readonly Bucket[],
  changes: readonly TimeBoxChange[],
): Map<string, number> {
  const after = timeBoxesAfter(buckets, changes)
  const needed = new Map<string, number>()
  for (const change of changes) {
    if (change.op === 'drop') continue
    const { resource, entry, run } = change.timeBox
    const timeBox = after.timeBoxes(resource, entry).find((each) => each.run === run)
    if (timeBox) needed.set(timeBox.madeBy, Math.max(needed.get(timeBox.madeBy) ?? 0, dueAt(timeBox)))
  }
  return needed
}

/** A run that would leave the table too early. */
export interface LeavingRun {
  id: string
  /** When it leaves, in epoch seconds. */
  expires: number
  /** When the last of the holds ends that point to it, in ms. */
  until: number
}

/** Those of the needed runs that would leave too early, the first to leave first. Whoever is gone cannot be kept. */
export async function leavingRuns(
  connection: Connection,
  needed: ReadonlyMap<string, number>,
): Promise<LeavingRun[]> {
  const ids = new Map([...needed.keys()].map((id) => [runKey(id).PK.S, id]))
  const items = await getItems(connection, [...ids.values()].map(runKey))
  return items
    .flatMap((item): LeavingRun[] => {
      const id = ids.get(item.PK?.S ?? '') ?? ''
      const until = needed.get(id) ?? 0
      // A run that has not ended has no such time, and gets it with its end.
      const expires = item.expires ? numberOf(item, 'expires') : Number.POSITIVE_INFINITY
      return keptLongEnough(expires, until) ? [] : [{ id, expires, until }]
    })
    .sort((a, b) => a.expires - b.expires)
}

/** Keeps it for longer, unless somebody else has done so. */
export function keepRun(connection: Connection, { id, until }: LeavingRun): TransactWriteItem {
  const expires = expiryWithHolds(until, connection.retentionDays)
  return update(connection, { key: runKey(id), when: 'expires < :new_expires', set: { expires } })
}
