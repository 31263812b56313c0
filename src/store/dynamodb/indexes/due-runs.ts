import type { DuePage } from '../../../run/store.ts'
import { byText, duePlace } from '../../tables.ts'
import { type Connection, getItems, type Item, query } from '../connection.ts'
import { runOf, text, textOf } from '../items.ts'
import { dueShardOf, dueShards, keyOf } from '../keys.ts'
import { DUE } from '../run-table.ts'

/** The attributes by which a run is in the index of what is due at `due` (ms since 1970, UTC). */
export function dueAttributes(run: string, due: number | undefined): Item {
  if (due === undefined) return {}
  return { dueShard: text(dueShardOf(run)), duePlace: text(duePlace(due, run)) }
}

/** Sorts behind every id: ULIDs are letters and digits. */
const LAST = '~'

/**
 * A page of what is due, from all shards together. Each run that the index finds is read strongly: one that has moved on
 * meanwhile is not told, nor one that a function of version 0.1 ended, which knew of no such index.
 */
export async function dueRuns(
  connection: Connection,
  now: number,
  limit: number,
  from = '',
): Promise<DuePage> {
  const until = duePlace(now, LAST)
  const found = await Promise.all(
    dueShards().map((shard) => inShard(connection, shard, { from, until }, limit + 1)),
  )
  const all = found.flat().sort(byPlace)
  const page = all.slice(0, limit)
  const next = all.length > limit ? textOf(page.at(-1), 'duePlace') : undefined
  const items = await getItems(connection, page.map(keyOf))
  const due = items.filter((item) => (textOf(item, 'duePlace') ?? LAST) <= until && !isClosed(item))
  return { runs: due.sort(byPlace).map(runOf), ...(next !== undefined && { next }) }
}

function inShard(
  connection: Connection,
  shard: string,
  { from, until }: { from: string; until: string },
  most: number,
): Promise<Item[]> {
  // A place that is read already is not read again: nothing stands between it and itself with a letter behind.
  const input = {
    IndexName: DUE,
    KeyConditionExpression: 'dueShard = :shard AND duePlace BETWEEN :from AND :until',
    ExpressionAttributeValues: { ':shard': text(shard), ':from': text(`${from}!`), ':until': text(until) },
  }
  return query(connection, input, most)
}

function isClosed(item: Item): boolean {
  return textOf(item, 'listed')?.startsWith('closed') ?? false
}

function byPlace(a: Item, b: Item): number {
  return byText(textOf(a, 'duePlace') ?? '', textOf(b, 'duePlace') ?? '')
}
