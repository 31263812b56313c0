import pLimit from 'p-limit'
import { foundBy } from '../../../run/found-by.ts'
import { type Connection, getItem, getItems, type Item, MAX_ACTIONS, query, transact } from '../connection.ts'
import { number, numberOf, runOf, text, textOf } from '../items.ts'
import { adoptedKey, keyOf, listOf } from '../keys.ts'
import { LISTING } from '../run-table.ts'
import { putAny, update } from '../write-actions.ts'
import { dueAttributes } from './due-runs.ts'
import { findable } from './found-items.ts'

/** How many runs are taken over at once. */
const AT_ONCE = 32

/** For so long it is believed that there are none (ms): functions of before may still end, or be deployed again. */
const BELIEVED_MS = 3_600_000

/**
 * Takes the runs that version 0.1 stored and that have not ended over into what finds them today: due at once, so that
 * the next sweep looks at each, under their keys, and in the lists of today. Looked for once an hour; in between it costs
 * one read.
 * @param now ms since 1970, UTC
 */
export async function adoptRuns(connection: Connection, now: number): Promise<void> {
  if (now - numberOf(await getItem(connection, adoptedKey()), 'at') < BELIEVED_MS) return
  const atOnce = pLimit(AT_ONCE)
  for (const state of ['open', 'waiting']) {
    const found = await query(connection, {
      IndexName: LISTING,
      KeyConditionExpression: 'listed = :state',
      ExpressionAttributeValues: { ':state': text(state) },
    })
    // The index lags: what has moved on since, or ended, is no longer in this list.
    const items = await getItems(connection, found.map(keyOf))
    const left = items.filter((item) => textOf(item, 'listed') === state)
    await Promise.all(left.map((item) => atOnce(() => adopt(connection, item, now))))
  }
  await transact(connection, [putAny(connection, adoptedKey(), { at: number(now) })])
}

/** A run that has moved on since it was read is in the index by that. */
async function adopt(connection: Connection, item: Item, now: number): Promise<void> {
  const run = runOf(item)
  await transact(connection, [
    update(connection, {
      key: keyOf(item),
      when: 'revision = :revision',
      set: { listed: text(listOf(run)), ...dueAttributes(run.id, now) },
      values: { revision: number(run.revision) },
    }),
    // Those of its findings come last: of more than fit the first will do.
    ...findable(connection, run, foundBy(run).slice(0, MAX_ACTIONS - 1)),
  ])
}
