/** The holds on the entries of a set, spread over buckets: see `bucketOf`. */

import { isDeepStrictEqual } from 'node:util'
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { TimeBox, TimeBoxChange } from '../../../run/store.ts'
import { timeBoxRows } from '../../time-box-rows.ts'
import { changeTimeBox, dueAt } from '../../time-boxes.ts'
import { type Connection, getItems, type Item, query, queryPartition } from '../connection.ts'
import { holdersOf, text, timeBoxesIn } from '../items.ts'
import { bucketOf, HELD, HOLDS, type Key, keyOf, placeOfEnd, setIn, setOf, timeBoxesKey } from '../keys.ts'
import { LISTING } from '../run-table.ts'
import { check, remove, update } from '../write-actions.ts'

/** A bucket that changes touch, with its holds as they were read. */
export interface Bucket {
  resource: string
  bucket: string
  before: AttributeValue | undefined
}

/** The buckets of the entries that these changes are about, each once. */
export function bucketsOf(changes: readonly TimeBoxChange[]): Omit<Bucket, 'before'>[] {
  const named = changes.map((change) => {
    const { resource, entry } = change.op === 'put' ? change.timeBox : change
    return { resource, bucket: bucketOf(entry) }
  })
  return [...new Map(named.map((each) => [`${each.bucket} ${each.resource}`, each])).values()]
}

/** The holds of the buckets as these changes leave them. */
export function timeBoxesAfter(
  buckets: readonly Bucket[],
  changes: readonly TimeBoxChange[],
): Pick<ReturnType<typeof timeBoxRows>, 'timeBoxes'> {
  const rows = rowsOf(buckets.flatMap(({ resource, before }) => timeBoxesIn(resource, before)))
  for (const change of changes) changeTimeBox(rows, change)
  return rows
}

/** The writes that make these changes, conditional on the buckets as they were read. */
export function bucketWrites(
  connection: Connection,
  buckets: readonly Bucket[],
  changes: readonly TimeBoxChange[],
): TransactWriteItem[] {
  const rows = timeBoxesAfter(buckets, changes)
  return buckets.map((bucket) => {
    const after = rows.timeBoxes(bucket.resource).filter(({ entry }) => bucketOf(entry) === bucket.bucket)
    return bucketWrite(connection, bucket, after)
  })
}

/** What leaves a bucket as it was is a condition all the same: the changes may have looked at it (`onlyIfOurs`). */
function bucketWrite(
  connection: Connection,
  { resource, bucket, before }: Bucket,
  after: readonly TimeBox[],
): TransactWriteItem {
  const key: Key = timeBoxesKey(resource, bucket)
  const when = before === undefined ? 'attribute_not_exists(PK)' : 'holders = :before'
  const values: Item = before === undefined ? {} : { before }
  const holders = holdersOf(resource, after)
  const isSame =
    before === undefined ? after.length === 0 : isDeepStrictEqual(timeBoxesIn(resource, before), after)
  if (isSame) return check(connection, key, when, values)
  if (after.length === 0) return remove(connection, key, when, values)
  const first = Math.min(...after.map(dueAt))
  const set = { holders, listed: text(HELD), place: text(placeOfEnd(first)) }
  return update(connection, { key, when, set, values })
}

/** By entry, then by key; of these entries only the buckets are read in which they are. Strongly read. */
export async function timeBoxesOf(
  connection: Connection,
  resource: string,
  entries?: readonly string[],
): Promise<TimeBox[]> {
  const items = entries
    ? await getItems(
        connection,
        [...new Set(entries.map(bucketOf))].map((bucket) => timeBoxesKey(resource, bucket)),
      )
    : await queryPartition(connection, setOf(resource), HOLDS)
  const all = rowsOf(items.flatMap(timeBoxesOfItem)).timeBoxes(resource)
  return entries ? all.filter(({ entry }) => entries.includes(entry)) : all
}

/**
 * Those with `until` and `notBefore` at or before `now`, the oldest first. The index finds the buckets and may lag:
 * what it misses for a moment is told the next time. Each bucket that it finds is read strongly, so no hold is told
 * that is gone.
 */
export async function timeBoxesDue(connection: Connection, now: number): Promise<TimeBox[]> {
  const found = await query(connection, {
    IndexName: LISTING,
    KeyConditionExpression: 'listed = :held AND place <= :now',
    ExpressionAttributeValues: { ':held': text(HELD), ':now': text(placeOfEnd(now)) },
  })
  const items = await getItems(connection, found.map(keyOf))
  return rowsOf(items.flatMap(timeBoxesOfItem)).timeBoxesDue(now)
}

/** Of an entry in all sets: the index finds the sets that hold anything, and may lag; the buckets are read strongly. */
export async function timeBoxesOn(connection: Connection, entry: string): Promise<TimeBox[]> {
  const found = await query(connection, {
    IndexName: LISTING,
    KeyConditionExpression: 'listed = :held',
    ExpressionAttributeValues: { ':held': text(HELD) },
  })
  const itsBucket = HOLDS + bucketOf(entry)
  const items = await getItems(
    connection,
    found.map(keyOf).filter(({ SK }) => SK.S === itsBucket),
  )
  return rowsOf(items.flatMap(timeBoxesOfItem)).timeBoxesOn(entry)
}

function timeBoxesOfItem(item: Item): TimeBox[] {
  return timeBoxesIn(setIn(keyOf(item)), item.holders)
}

function rowsOf(timeBoxes: readonly TimeBox[]): ReturnType<typeof timeBoxRows> {
  const rows = timeBoxRows()
  for (const timeBox of timeBoxes) rows.putTimeBox(timeBox)
  return rows
}
