/** The table that a store talks to: reads and transactions, retried where that helps, their errors named. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  IdempotentParameterMismatchException,
  QueryCommand,
  type QueryCommandInput,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { StoreError } from '../store-error.ts'
import { namedDynamo } from './error-names.ts'
import { type Get, gatheredGets } from './gathered-gets.ts'
import type { Key } from './keys.ts'

export type Item = Record<string, AttributeValue>

/** A table by its client: what a read or a write by itself needs. */
interface Wire {
  client: DynamoDBClient
  table: string
  /** Days that a closed run is kept. */
  retentionDays: number
  /** Waits before the nth repetition, n from 1. */
  pause(repetition: number): Promise<void>
}

export interface Connection extends Wire {
  /** Reads an item strongly, together with what else is asked for in this tick. */
  get: Get
}

/** How often something is tried that others keep from happening. */
export const ATTEMPTS = 8
/** Most keys of one BatchGetItem, and most actions of one transaction. */
const BATCH = 100
export const MAX_ACTIONS = 100

/** What makes a connection of a client and a table. */
export function connected(to: Wire): Connection {
  const get = gatheredGets(
    (key) => getAlone(to, key),
    (keys) => getItems(to, keys),
  )
  return { ...to, get }
}

/** Strongly read. */
export function getItem({ get }: Connection, key: Key): Promise<Item | undefined> {
  return get(key)
}

function getAlone({ client, table }: Wire, key: Key): Promise<Item | undefined> {
  return namedDynamo(table, async () => {
    const command = new GetItemCommand({ TableName: table, Key: { ...key }, ConsistentRead: true })
    return (await client.send(command)).Item
  })
}

/** All pages of a query, or as many as it takes for `most` items. */
export function query(
  { client, table }: Connection,
  input: Omit<QueryCommandInput, 'TableName'>,
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  return namedDynamo(table, async () => {
    const items: Item[] = []
    let from: Item | undefined
    do {
      const page: QueryCommandInput = { ...input, TableName: table }
      if (from) page.ExclusiveStartKey = from
      if (most < Number.POSITIVE_INFINITY) page.Limit = most - items.length
      const answer = await client.send(new QueryCommand(page))
      items.push(...(answer.Items ?? []))
      from = answer.LastEvaluatedKey
    } while (from && items.length < most)
    return items
  })
}

/** The items of a partition whose sort key begins so, in its order, `most` at most; strongly read. */
export function queryPartition(
  connection: Connection,
  partition: string,
  begin: string,
  most?: number,
): Promise<Item[]> {
  const input = {
    KeyConditionExpression: 'PK = :partition AND begins_with(SK, :begin)',
    ExpressionAttributeValues: { ':partition': { S: partition }, ':begin': { S: begin } },
    ConsistentRead: true,
  }
  return query(connection, input, most)
}

/** Those of the items that are there, in no order; each strongly read. */
export async function getItems(connection: Wire, keys: Key[]): Promise<Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, i) =>
    getBatch(connection, keys.slice(i * BATCH, (i + 1) * BATCH)),
  )
  return (await Promise.all(batches)).flat()
}

async function getBatch({ client, table, pause }: Wire, keys: Key[]): Promise<Item[]> {
  const items: Item[] = []
  let wanted: Item[] = keys.map((key) => ({ ...key }))
  for (let fruitless = 0; fruitless < ATTEMPTS; ) {
    const RequestItems = { [table]: { Keys: wanted, ConsistentRead: true } }
    const answer = await namedDynamo(table, () => client.send(new BatchGetItemCommand({ RequestItems })))
    const found = answer.Responses?.[table] ?? []
    items.push(...found)
    // What an answer of 16 MB has no room for comes with the next one; what is throttled needs a pause as well.
    wanted = answer.UnprocessedKeys?.[table]?.Keys ?? []
    if (wanted.length === 0) return items
    if (found.length === 0) await pause(++fruitless)
  }
  throw contended(table)
}

/** The items as they stood at one moment, in the order of the keys. */
export async function getTogether(
  { client, table, pause }: Connection,
  keys: Key[],
): Promise<(Item | undefined)[]> {
  const TransactItems = keys.map((key) => ({ Get: { TableName: table, Key: { ...key } } }))
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await namedDynamo(table, () =>
      unlessCanceled(client.send(new TransactGetItemsCommand({ TransactItems }))),
    )
    if (!(answer instanceof TransactionCanceledException))
      return (answer.Responses ?? []).map((response) => response.Item)
    if (fate(table, answer) !== 'contended') throw answer
    await pause(attempt)
  }
  throw contended(table)
}

/**
 * Carries all of the actions out or none: `refused` when a condition does not hold. Repeated while other transactions
 * are at the same items.
 * @param token same text, same transaction: sent again within ten minutes it succeeds and changes nothing. Absent: one
 *   of its own, so that at least the SDK's own repetitions of a lost answer are safe.
 */
export async function transact(
  { client, table, pause }: Connection,
  actions: TransactWriteItem[],
  token?: (attempt: number) => string,
): Promise<'stored' | 'refused'> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const ClientRequestToken = token?.(attempt)
    const command = new TransactWriteItemsCommand({
      TransactItems: actions,
      ...(ClientRequestToken ? { ClientRequestToken } : {}),
    })
    const answer = await namedDynamo(table, () => unlessCanceled(client.send(command)).catch(takenToken))
    if (answer === 'taken') return 'refused'
    if (!(answer instanceof TransactionCanceledException)) return 'stored'
    if (fate(table, answer) === 'refused') return 'refused'
    await pause(attempt)
  }
  throw contended(table)
}

/** A cancelled transaction is an answer, not a failure. */
async function unlessCanceled<T>(answer: Promise<T>): Promise<T | TransactionCanceledException> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error
    throw error
  }
}

/** The token is known, with another transaction: that one was stored, this one was not. */
function takenToken(error: unknown): 'taken' {
  if (error instanceof IdempotentParameterMismatchException) return 'taken'
  throw error
}

const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html, cancellation reasons. */
function fate(table: string, error: TransactionCanceledException): 'refused' | 'contended' {
  const reasons = (error.CancellationReasons ?? []).filter(
    ({ Code }) => Code !== undefined && Code !== 'None',
  )
  if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) return 'refused'
  const lasting = reasons.find(({ Code = '' }) => !PASSING.includes(Code))
  if (!lasting && reasons.length > 0) return 'contended'
  const why = lasting ? `${lasting.Code}: ${lasting.Message}` : error.message
  const tooLarge = /item size/i.test(why)
  throw new StoreError(tooLarge ? 'tooLarge' : 'unusable', `table ${table} did not take it: ${why}`, {
    cause: error,
  })
}

function contended(table: string): StoreError {
  return new StoreError('busy', `table ${table} is used by too many at once; try again`)
}
