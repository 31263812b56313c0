import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import type { Run } from '../../src/run/run.ts'
import { groupId } from '../security-groups.ts'
import type { Item } from './build.ts'
import type { Stack } from './stack.ts'

/** A run as its build stored it: all items that name it or its group. */
export interface StoredRun {
  id: string
  /** Id of its group. */
  group: string
  waitingUntil?: string
  items: Item[]
}

/** The texts of a run that its copy has otherwise. */
export type Renaming = readonly (readonly [from: string, to: string])[]

/** Most of one BatchWriteItem, and how many are under way. */
const BATCH = 25
const AT_ONCE = 4

/** Reads the items of a run, in a table that holds few. */
export async function storedRun(client: DynamoDBClient, table: string, run: Run): Promise<StoredRun> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }))
  const { id, target, waitingUntil } = run
  const items = Items.filter(({ PK }) => [id, target.id].some((name) => PK?.S?.includes(name)))
  return { id, group: target.id, items, ...(waitingUntil !== undefined && { waitingUntil }) }
}

/**
 * Writes copies of a run, each about a group of its own that AWS does not know.
 * @param from number of the first copy: no two in a table may have the same
 * @param due since when each waits in vain (ms since 1970, UTC); absent: as long as the run itself
 */
export async function fill(
  { build, client }: Pick<Stack, 'build' | 'client'>,
  table: string,
  run: StoredRun,
  { from, copies, due }: { from: number; copies: number; due?: number },
): Promise<void> {
  await writeAll(client, table, writes())

  function* writes(): Generator<WriteRequest> {
    const opened = run.items.map(unpacked)
    for (let n = from; n < from + copies; n++) {
      const id = run.id.slice(0, 10) + String(n).padStart(16, '0')
      const renaming = renamingOf(run, id, n, due)
      for (const item of opened) yield { PutRequest: { Item: build.placed(renamed(item, renaming), id) } }
    }
  }
}

/** Takes copies of a run, by their ids, out of the table; what else there is about their groups stays. */
export async function removeCopies(
  { client }: Pick<Stack, 'client'>,
  table: string,
  run: StoredRun,
  ids: readonly string[],
): Promise<void> {
  const its = run.items.find(({ listed }) => listed)!
  const requests = ids.map((id) => ({
    DeleteRequest: { Key: { PK: { S: its.PK!.S!.replace(run.id, id) }, SK: its.SK! } },
  }))
  await writeAll(client, table, requests.values())
}

async function writeAll(
  client: DynamoDBClient,
  table: string,
  requests: IteratorObject<WriteRequest, unknown>,
): Promise<void> {
  const worker = async () => {
    for (let batch = next(); batch.length > 0; batch = next()) {
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: batch } }),
      )
      if (Object.keys(UnprocessedItems).length > 0) throw new Error('the table did not take all of it')
    }
  }
  const next = (): WriteRequest[] => {
    const batch: WriteRequest[] = []
    while (batch.length < BATCH) {
      const { done, value } = requests.next()
      if (done) break
      batch.push(value)
    }
    return batch
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** AWS in memory knows the groups below this. */
const FIRST_GROUP = 1_000_000

function renamingOf({ id, group, waitingUntil }: StoredRun, copy: string, n: number, due?: number): Renaming {
  const names = [
    [id, copy],
    [group, groupId(FIRST_GROUP + n)],
  ] as const
  if (due === undefined || waitingUntil === undefined) return names
  const place = (at: number) => String(at).padStart(15, '0')
  return [
    ...names,
    [waitingUntil, new Date(due).toISOString()],
    [place(Date.parse(waitingUntil)), place(due)],
  ]
}

/** What an attribute holds, with compressed text as text. */
type Opened = AttributeValue | { packed: string }

function unpacked(item: Item): Record<string, Opened> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B ? { packed: gunzipSync(value.B).toString() } : value,
    ]),
  )
}

function renamed(item: Record<string, Opened>, renaming: Renaming): Item {
  const inText = (text: string) => renaming.reduce((so, [from, to]) => so.replaceAll(from, to), text)
  return Object.fromEntries(
    Object.entries(item).map(([name, value]): [string, AttributeValue] => {
      if ('packed' in value) return [name, { B: gzipSync(inText(value.packed)) }]
      return [name, value.S === undefined ? value : { S: inText(value.S) }]
    }),
  )
}
