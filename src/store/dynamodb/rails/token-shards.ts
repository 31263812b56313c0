/** The shards of a scope as items, and each change of one. */
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { Token } from '../../../run/store.ts'
import { type Connection, getTogether, type Item, queryPartition } from '../connection.ts'
import { namedDynamo } from '../error-names.ts'
import { number, numberOf } from '../items.ts'
import { keyOf, shardNumberOf, TOKEN_SHARDS, tokenShardKey, tokensIn } from '../keys.ts'
import { secondsAfter } from '../retention.ts'

/** A shard as it was read. */
export interface Shard {
  shard: number
  /** Ends of its tokens by their keys, ms since 1970, UTC; also of those that have ended. */
  ends: ReadonlyMap<string, number>
  /** Raised by each change; 0: there is no item. */
  version: number
  /** When the item leaves the table, epoch seconds. */
  expires: number
}

/** A shard is kept a day longer than its last token at least, so not each token has to move its end. */
const SLACK_SECONDS = 24 * 3600

/** All that are there; each strongly read, one after the other. */
export async function shardsOf(connection: Connection, scope: string): Promise<Shard[]> {
  return (await queryPartition(connection, tokensIn(scope), TOKEN_SHARDS)).map(shardOf)
}

/** The same shards as of one moment. */
export async function shardsTogether(
  connection: Connection,
  scope: string,
  shards: readonly Shard[],
): Promise<Shard[]> {
  const items = await getTogether(
    connection,
    shards.map(({ shard }) => tokenShardKey(scope, shard)),
  )
  return items.flatMap((item) => (item ? [shardOf(item)] : []))
}

/** A shard of which there is no item. */
export function emptyShard(shard: number): Shard {
  return { shard, ends: new Map(), version: 0, expires: 0 }
}

export function shardOf(item: Item): Shard {
  const ends = Object.entries(item.tokenEnds?.M ?? {}).map(([key, end]): [string, number] => [
    key,
    Number(end.N),
  ])
  return {
    shard: shardNumberOf(keyOf(item)),
    ends: new Map(ends),
    version: numberOf(item, 'tokenVersion'),
    expires: numberOf(item, 'expires'),
  }
}

/** Puts a token into a shard that holds fewer than `most` by then, whatever else has become of it. */
export function addition(
  connection: Connection,
  scope: string,
  { shard, expires }: Shard,
  { key, until }: Token,
  most: number,
): Update {
  const kept = keptFor(connection, until, expires)
  const lasting =
    kept === expires ? { set: '', when: '' } : { set: ', expires = :kept', when: ' AND expires <= :kept' }
  return {
    TableName: connection.table,
    Key: { ...tokenShardKey(scope, shard) },
    UpdateExpression: `SET tokenEnds.#key = :until, tokenVersion = tokenVersion + :one${lasting.set}`,
    ConditionExpression: `size(tokenEnds) < :most AND attribute_not_exists(tokenEnds.#key)${lasting.when}`,
    ExpressionAttributeNames: { '#key': key },
    ExpressionAttributeValues: {
      ':until': number(until),
      ':one': number(1),
      ':most': number(most),
      ...(kept !== expires && { ':kept': number(kept) }),
    },
  }
}

/** Puts these tokens in the place of all that a shard holds, if it is still as it was read. */
export function replacement(
  connection: Connection,
  scope: string,
  { shard, version, expires }: Shard,
  ends: ReadonlyMap<string, number>,
): Update {
  const kept = keptFor(connection, Math.max(0, ...ends.values()), expires)
  const isThere = version > 0
  return {
    TableName: connection.table,
    Key: { ...tokenShardKey(scope, shard) },
    UpdateExpression: 'SET tokenEnds = :ends, tokenVersion = :next, expires = :kept',
    ConditionExpression: isThere ? 'tokenVersion = :read' : 'attribute_not_exists(PK)',
    ExpressionAttributeValues: {
      ':ends': { M: Object.fromEntries([...ends].map(([key, end]) => [key, number(end)])) },
      ':next': number(version + 1),
      ':kept': number(kept),
      ...(isThere && { ':read': number(version) }),
    },
  }
}

/** Takes a token out, if its end is still `read`; an answer that was lost takes out none that came later. */
export function removal(
  connection: Connection,
  scope: string,
  { shard }: Shard,
  { key, until: read }: Token,
): Update {
  return {
    TableName: connection.table,
    Key: { ...tokenShardKey(scope, shard) },
    UpdateExpression: 'SET tokenVersion = tokenVersion + :one REMOVE tokenEnds.#key',
    ConditionExpression: 'tokenEnds.#key = :read',
    ExpressionAttributeNames: { '#key': key },
    ExpressionAttributeValues: { ':one': number(1), ':read': number(read) },
  }
}

/** Lets a token end at `until`, later than it does, if its end is still `read`. */
export function extension(
  connection: Connection,
  scope: string,
  { shard, expires }: Shard,
  { key, until, read }: Token & { read: number },
): Update {
  return {
    TableName: connection.table,
    Key: { ...tokenShardKey(scope, shard) },
    UpdateExpression: 'SET tokenEnds.#key = :until, tokenVersion = tokenVersion + :one, expires = :kept',
    ConditionExpression: 'tokenEnds.#key = :read AND expires <= :kept',
    ExpressionAttributeNames: { '#key': key },
    ExpressionAttributeValues: {
      ':until': number(until),
      ':one': number(1),
      ':read': number(read),
      ':kept': number(keptFor(connection, until, expires)),
    },
  }
}

/** Whether the change was made: its condition held, and no transaction was at the item. */
export async function changed({ client, table }: Connection, change: Update): Promise<boolean> {
  return namedDynamo(table, async () => {
    try {
      await client.send(new UpdateItemCommand(change))
      return true
    } catch (error) {
      const isRefused =
        error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException
      if (isRefused) return false
      throw error
    }
  })
}

/** The later of the two: what the shard's item is kept for already, or what a token with this end needs. */
function keptFor({ retentionDays }: Connection, until: number, expires: number): number {
  if (expires >= secondsAfter(until, 0) + SLACK_SECONDS) return expires
  return Math.max(expires, secondsAfter(until, Math.max(2, retentionDays)))
}
