import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import pLimit from 'p-limit'
import { foundBy } from '../../run/found-by.ts'
import { type Connection, getItem, getItems, type Item, query, transact } from './connection.ts'
import { dueAttributes } from './due-runs.ts'
import { number, runOf, text } from './items.ts'
import { adoptedKey, foundKey, keyOf } from './keys.ts'
import { expiryOfPart } from './retention.ts'
import { LISTING } from './run-table.ts'
import { putAny, update } from './write-actions.ts'

/** How many runs are taken over at once. */
const AT_ONCE = 32

/**
 * Takes the runs that version 0.1 stored and that have not ended over into what finds them today: due at once, so that
 * the next sweep looks at each, and under their keys. Done once for a table; afterwards it costs one read.
 * @param now ms since 1970, UTC
 */
export async function adoptRuns(connection: Connection, now: number): Promise<void> {
  if (await getItem(connection, adoptedKey())) return
  const atOnce = pLimit(AT_ONCE)
  for (const state of ['open', 'waiting']) {
    const found = await query(connection, {
      IndexName: LISTING,
      KeyConditionExpression: 'listed = :state',
      ExpressionAttributeValues: { ':state': text(state) },
    })
    const items = await getItems(connection, found.map(keyOf))
    await Promise.all(items.map((item) => atOnce(() => adopt(connection, item, now))))
  }
  const Item = { ...adoptedKey(), at: number(now) }
  await connection.client.send(new PutItemCommand({ TableName: connection.table, Item }))
}

/** A run that has moved on since it was read is in the index by that. */
async function adopt(connection: Connection, item: Item, now: number): Promise<void> {
  const run = runOf(item)
  const expires = expiryOfPart(run, connection.retentionDays)
  await transact(connection, [
    update(connection, {
      key: keyOf(item),
      when: 'revision = :revision AND attribute_not_exists(duePlace)',
      set: dueAttributes(run.id, now),
      values: { revision: number(run.revision) },
    }),
    ...foundBy(run).map((key) => putAny(connection, foundKey(key, run), { foundRun: text(run.id), expires })),
  ])
}
