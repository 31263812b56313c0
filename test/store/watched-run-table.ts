import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals'
import type { RunStore } from '../../src/run/store.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { type Call, watch } from '../support/dynamo-calls.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { aHold, aRun, commitOf, NOW, taking } from './example-commits.ts'

/** Of the emulator; inside tests. */
export let endpoint: () => string
/** Clients of a test's own, which end with it. */
export const clients: DynamoDBClient[] = []
export let client: DynamoDBClient
/** The table of a test, and a store on it. */
export let table: string
export let store: RunStore

/** An emulator of DynamoDB for a test file, and a run table for each test. Call it at the top of the file. */
export function withRunTable(): void {
  endpoint = withMinistack()
  beforeAll(() => {
    client = dynamoClient(endpoint())
  })
  afterAll(() => client.destroy())
  afterEach(() => {
    for (const each of clients.splice(0)) each.destroy()
  })
  beforeEach(async () => {
    table = await newRunTable(client)
    store = dynamoStore(client, table)
  })
}

/** A second user of the table, whose requests are watched; it pauses for no time and notes for which repetition. */
export function another(meanwhile?: (call: Call) => Promise<void>, config: DynamoDBClientConfig = {}) {
  const own = dynamoClient(endpoint(), config)
  clients.push(own)
  const pauses: number[] = []
  const pause = async (repetition: number) => void pauses.push(repetition)
  const calls = watch(own, meanwhile)
  return { store: dynamoStore(own, table, { pause }), calls, pauses, client: own }
}

export const started = commitOf(aRun('run-1'), {
  expect: { newest: null },
  lock: taking('me'),
  audit: [{ at: aRun('run-1').startedAt, event: 'started' }],
})
export const namesOf = (calls: Call[]) => calls.map(({ name }) => name)
export const tokensOf = (calls: Call[]) => calls.map(({ input }) => input.ClientRequestToken)
export const puts = (entries: string[], run: string) =>
  entries.map((entry) => ({
    op: 'put' as const,
    timeBox: aHold(entry, run, NOW),
  }))
