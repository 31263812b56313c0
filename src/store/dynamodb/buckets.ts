/** The holds on the entries of a set, spread over buckets: see `bucketOf`. */

import { isDeepStrictEqual } from 'node:util'
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Hold, HoldChange } from '../../run/store.ts'
import { changeHold, dueAt } from '../holds.ts'
import { memoryRows } from '../memory.ts'
import type { Rows } from '../tables.ts'
import { type Connection, getItems, type Item, query, queryPartition } from './connection.ts'
import { holdersOf, holdsIn, text } from './items.ts'
import { bucketOf, HELD, HOLDS, holdsKey, type Key, keyOf, placeOfEnd, setIn, setOf } from './keys.ts'
import { LISTING } from './run-table.ts'
import { check, remove, update } from './write-actions.ts'

/** A bucket that changes touch, with its holds as they were read. */
export interface Bucket {
  resource: string
  bucket: string
  before: AttributeValue | undefined
}

/** The buckets of the entries that these changes are about, each once. */
export function bucketsOf(changes: readonly HoldChange[]): Omit<Bucket, 'before'>[] {
  const named = changes.map((change) => {
    const { resource, entry } = change.op === 'put' ? change.hold : change
    return { resource, bucket: bucketOf(entry) }
  })
  return [...new Map(named.map((each) => [`${each.bucket} ${each.resource}`, each])).values()]
}

/** The holds of the buckets as these changes leave them. */
export function holdsAfter(buckets: readonly Bucket[], changes: readonly HoldChange[]): Pick<Rows, 'holds'> {
  const rows = rowsOf(buckets.flatMap(({ resource, before }) => holdsIn(resource, before)))
  for (const change of changes) changeHold(rows, change)
  return rows
}

/** The writes that make these changes, conditional on the buckets as they were read. */
export function bucketWrites(
  connection: Connection,
  buckets: readonly Bucket[],
  changes: readonly HoldChange[],
): TransactWriteItem[] {
  const rows = holdsAfter(buckets, changes)
  return buckets.map((bucket) => {
    const after = rows.holds(bucket.resource).filter(({ entry }) => bucketOf(entry) === bucket.bucket)
    return bucketWrite(connection, bucket, after)
  })
}

/** What leaves a bucket as it was is a condition all the same: the changes may have looked at it (`onlyIfOurs`). */
function bucketWrite(
  connection: Connection,
  { resource, bucket, before }: Bucket,
  after: readonly Hold[],
): TransactWriteItem {
  const key: Key = holdsKey(resource, bucket)
  const when = before === undefined ? 'attribute_not_exists(PK)' : 'holders = :before'
  const values: Item = before === undefined ? {} : { before }
  const holders = holdersOf(resource, after)
  const isSame =
    before === undefined ? after.length === 0 : isDeepStrictEqual(holdsIn(resource, before), after)
  if (isSame) return check(connection, key, when, values)
  if (after.length === 0) return remove(connection, key, when, values)
  const first = Math.min(...after.map(dueAt))
  const set = { holders, listed: text(HELD), place: text(placeOfEnd(first)) }
  return update(connection, { key, when, set, values })
}

/** By entry, then by key. Strongly read. */
export async function holdsOf(connection: Connection, resource: string): Promise<Hold[]> {
  const items = await queryPartition(connection, setOf(resource), HOLDS)
  return rowsOf(items.flatMap(holdsOfItem)).holds(resource)
}

/**
 * Those with `until` and `notBefore` at or before `now`, the oldest first. The index finds the buckets and may lag:
 * what it misses for a moment is told the next time. Each bucket that it finds is read strongly, so no hold is told
 * that is gone.
 */
export async function holdsDue(connection: Connection, now: number): Promise<Hold[]> {
  const found = await query(connection, {
    IndexName: LISTING,
    KeyConditionExpression: 'listed = :held AND place <= :now',
    ExpressionAttributeValues: { ':held': text(HELD), ':now': text(placeOfEnd(now)) },
  })
  const items = await getItems(connection, found.map(keyOf))
  return rowsOf(items.flatMap(holdsOfItem)).holdsDue(now)
}

/** Of an entry in all sets: the index finds the sets that hold anything, and may lag; the buckets are read strongly. */
export async function holdsOn(connection: Connection, entry: string): Promise<Hold[]> {
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
  return rowsOf(items.flatMap(holdsOfItem)).holdsOn(entry)
}

function holdsOfItem(item: Item): Hold[] {
  return holdsIn(setIn(keyOf(item)), item.holders)
}

function rowsOf(holds: readonly Hold[]): Rows {
  const rows = memoryRows()
  for (const hold of holds) rows.putHold(hold)
  return rows
}
