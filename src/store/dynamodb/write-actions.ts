/** The actions of a transaction: each on one item, each under a condition. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Connection, Item } from './connection.ts'
import { number } from './items.ts'
import type { Key } from './keys.ts'

/** An update of one item under a condition. */
export interface Change {
  key: Key
  when: string
  /** Attributes by their names. */
  set?: Item
  /** Further assignments, such as `attached = :attached`. */
  also?: string[]
  remove?: string[]
  /** Values that `when` and `also` name, without their colon. */
  values?: Item
}

export function update(
  { table }: Connection,
  { key, when, set = {}, also = [], remove = [], values = {} }: Change,
): TransactWriteItem {
  const assignments = [...Object.keys(set).map((name) => `${name} = :new_${name}`), ...also]
  const clauses = [
    ...(assignments.length > 0 ? [`SET ${assignments.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
  ]
  return {
    Update: {
      TableName: table,
      Key: { ...key },
      ConditionExpression: when,
      UpdateExpression: clauses.join(' '),
      ...naming({ ...asNew(set), ...values }),
    },
  }
}

/** Puts an item in the place of one, under a condition on that. */
export function put(
  { table }: Connection,
  key: Key,
  { attributes, when, values = {} }: { attributes: Item } & Pick<Change, 'when' | 'values'>,
): TransactWriteItem {
  const Item = { ...key, ...attributes }
  return { Put: { TableName: table, Item, ConditionExpression: when, ...naming(values) } }
}

/** Puts an item that must not be there yet. */
export function putNew(connection: Connection, key: Key, attributes: Item): TransactWriteItem {
  return put(connection, key, { attributes, when: 'attribute_not_exists(PK)' })
}

/**
 * Puts an item in the place of the one that was read, if nobody has put another since.
 * @param counter the attribute that each put raises by one
 * @param read what it was; 0: there was no item
 */
export function putNext(
  connection: Connection,
  key: Key,
  { attributes, counter, read }: { attributes: Item; counter: string; read: number },
): TransactWriteItem {
  const counted = { ...attributes, [counter]: number(read + 1) }
  if (read === 0) return putNew(connection, key, counted)
  return put(connection, key, {
    attributes: counted,
    when: `${counter} = :read`,
    values: { read: number(read) },
  })
}

/** Puts an item, whatever was there. */
export function putAny({ table }: Connection, key: Key, attributes: Item): TransactWriteItem {
  return { Put: { TableName: table, Item: { ...key, ...attributes } } }
}

/** Only checks a condition. */
export function check({ table }: Connection, key: Key, when: string, values: Item): TransactWriteItem {
  return {
    ConditionCheck: { TableName: table, Key: { ...key }, ConditionExpression: when, ...naming(values) },
  }
}

export function remove({ table }: Connection, key: Key, when: string, values: Item): TransactWriteItem {
  return { Delete: { TableName: table, Key: { ...key }, ConditionExpression: when, ...naming(values) } }
}

/** Deletes an item, whether it is there or not. */
export function removeAny({ table }: Connection, key: Key): TransactWriteItem {
  return { Delete: { TableName: table, Key: { ...key } } }
}

/** DynamoDB refuses an empty list of values. */
function naming(values: Item): { ExpressionAttributeValues?: Item } {
  if (Object.keys(values).length === 0) return {}
  return { ExpressionAttributeValues: renamed(values, (name) => `:${name}`) }
}

function asNew(set: Item): Item {
  return renamed(set, (name) => `new_${name}`)
}

function renamed(values: Item, rename: (name: string) => string): Item {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))
}
