import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AttributeValue, CreateTableInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import { makePatient } from './patient-bundle.ts'

export type Item = Record<string, AttributeValue>
export type Part = 'intake' | 'runner' | 'sweeper'

/** A state of this repository, of today or of before: all that the bench has to know of its files and its table. */
export interface Build {
  runTable: Omit<CreateTableInput, 'TableName'>
  store(client: DynamoDBClient, table: string): Pick<RunStore, 'newest' | 'get' | 'decide'>
  /** Bundles the functions as the stack is built, and makes them patient; gives the file that holds the handler of a part. */
  bundle(out: string): Promise<(part: Part) => string>
  /** The item of a run that was copied, in the shards that belong to the copy's id. */
  placed(item: Item, run: string): Item
}

/** Where a build keeps what is needed of it, the newest first. */
const LAYOUTS = [
  {
    bundle: 'src/sandbox/stack/bundle.ts',
    table: 'src/store/dynamodb/run-table.ts',
    store: 'src/store/dynamodb/dynamodb-store.ts',
    keys: 'src/store/dynamodb/keys.ts',
  },
  {
    bundle: 'src/sandbox/bundle.ts',
    table: 'src/store/dynamodb-table.ts',
    store: 'src/store/dynamodb.ts',
    keys: 'src/store/dynamodb-keys.ts',
  },
]

/** Without shards there is nothing of these two. */
interface Keys {
  listOf?(run: Pick<Run, 'id' | 'state'>): string
  dueShardOf?(run: string): string
}

/** @param folder of a checkout with its packages installed */
export async function openBuild(folder: string): Promise<Build> {
  const layout = LAYOUTS.find(({ store }) => existsSync(join(folder, store)))
  if (!layout) throw new Error(`${folder} holds no build that this bench knows`)
  const load = (file: string) => import(pathToFileURL(join(folder, file)).href)
  const { RUN_TABLE } = await load(layout.table)
  const { dynamoStore } = await load(layout.store)
  const { bundleFunctions } = await load(layout.bundle)
  const { listOf, dueShardOf } = (await load(layout.keys)) as Keys
  return {
    runTable: RUN_TABLE,
    store: dynamoStore,
    async bundle(out) {
      await bundleFunctions(out)
      await makePatient(out)
      return (part) => {
        const its = join(out, `${part[0]!.toUpperCase()}${part.slice(1)}Function`)
        return ['function.mjs', `${part}.mjs`].map((file) => join(its, file)).find(existsSync)!
      }
    },
    placed({ listed, dueShard, ...item }, run) {
      const state = listed?.S?.split('#')[0] as Run['state']
      return {
        ...item,
        ...(listed && { listed: listOf ? { S: listOf({ id: run, state }) } : listed }),
        ...(dueShard && dueShardOf && { dueShard: { S: dueShardOf(run) } }),
      }
    },
  }
}
