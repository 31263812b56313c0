import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type StartSandbox = typeof import('../../src/sandbox/start.ts')['startSandbox']
type DynamoStore = typeof import('../../src/store/dynamodb/dynamodb-store.ts')['dynamoStore']

/** What the storm uses of a build; all else it sees on the wire. */
export interface Build {
  startSandbox: StartSandbox
  dynamoStore: DynamoStore
}

/** Where a build may have its store: the first that is there. */
const STORES = ['src/store/dynamodb/dynamodb-store.ts', 'src/store/dynamodb.ts']

/**
 * A build by the folder of its checkout.
 * @throws when the folder holds none that the storm knows
 */
export async function buildIn(folder: string): Promise<Build> {
  const store = STORES.find((path) => existsSync(join(folder, path)))
  if (!store) throw new Error(`${folder} holds no build that can be measured: none of ${STORES.join(', ')}`)
  const load = async (path: string) => import(pathToFileURL(join(folder, path)).href)
  const { startSandbox } = await load('src/sandbox/start.ts')
  const { dynamoStore } = await load(store)
  return { startSandbox, dynamoStore }
}
