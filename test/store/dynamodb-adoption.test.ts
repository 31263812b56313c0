import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { undoesOf, waitersOf } from '../../src/run/found-by.ts'
import type { Run } from '../../src/run/run.ts'
import { connectionTo, dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { adoptRuns } from '../../src/store/dynamodb/indexes/adoption.ts'
import { runKey } from '../../src/store/dynamodb/keys.ts'
import { watch } from '../support/dynamo-calls.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { aRun, aWaitingRun, commitOf, GROUP, NOW } from './example-commits.ts'

const endpoint = withMinistack()
let client: DynamoDBClient
beforeAll(() => {
  client = dynamoClient(endpoint())
})
afterAll(() => client.destroy())

/** A table with these runs as version 0.1 stored them: in one partition of the index for a state, and nowhere else. */
async function tableOfBefore(...runs: Run[]) {
  const table = await newRunTable(client)
  const store = dynamoStore(client, table)
  for (const run of runs) await storedBefore(table, run)
  return { table, store }
}

/** Version 0.1 knew nothing of the attributes of the index `due`: it left them as they were. */
async function storedBefore(table: string, run: Run): Promise<void> {
  const known = await client.send(new GetItemCommand({ TableName: table, Key: { ...runKey(run.id) } }))
  const { dueShard, duePlace } = known.Item ?? {}
  await dynamoStore(client, table).commit(commitOf(run))
  const set = dueShard && duePlace ? ', dueShard = :shard, duePlace = :place' : ' REMOVE dueShard, duePlace'
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { ...runKey(run.id) },
      UpdateExpression: `SET listed = :state${set}`,
      ExpressionAttributeValues: {
        ':state': { S: run.state },
        ...(dueShard && duePlace && { ':shard': dueShard, ':place': duePlace }),
      },
    }),
  )
}

const queued = aRun('run-2', { state: 'waiting', waitingFor: 'lock' })
const undo = aRun('run-3', { undoOf: 'run-0' })
const ended = aRun('run-4', { state: 'closed', outcome: 'remediated' })

test('what has not ended is due at the next sweep, and found by its keys; what has ended stays as it is', async () => {
  const { store, table } = await tableOfBefore(aWaitingRun('run-1', 'hash'), queued, undo, ended)
  expect((await store.due(NOW)).runs).toEqual([])
  await adoptRuns(connectionTo(client, table), NOW)
  expect((await store.due(NOW)).runs.map(({ id }) => id).sort()).toEqual(['run-1', 'run-2', 'run-3'])
  expect(await store.foundBy(waitersOf(GROUP))).toEqual(['run-2'])
  expect(await store.foundBy(undoesOf('run-0'))).toEqual(['run-3'])
})

test('is done once: afterwards it costs one read', async () => {
  const { table } = await tableOfBefore(aWaitingRun('run-1', 'hash'))
  await adoptRuns(connectionTo(client, table), NOW)
  const own = dynamoClient(endpoint())
  const calls = watch(own)
  await adoptRuns(connectionTo(own, table), NOW)
  expect(calls.map(({ name }) => name)).toEqual(['GetItem'])
  own.destroy()
})

test('what a function of version 0.1 ends afterwards is not due', async () => {
  const { table, store } = await tableOfBefore(queued)
  await adoptRuns(connectionTo(client, table), NOW)
  const { waitingFor: _, ...run } = queued
  await storedBefore(table, { ...run, revision: 2, state: 'closed', outcome: 'remediated' })
  expect((await store.due(NOW)).runs).toEqual([])
})

test('what a function of version 0.1 stores afterwards is due within the hour', async () => {
  const { table, store } = await tableOfBefore()
  await adoptRuns(connectionTo(client, table), NOW)
  await storedBefore(table, queued)
  const later = NOW + 3_600_000
  await adoptRuns(connectionTo(client, table), later)
  expect((await store.due(later)).runs.map(({ id }) => id)).toEqual(['run-2'])
})

test('what was taken over stays in the list of what waits, and is not taken over again', async () => {
  const { table, store } = await tableOfBefore(queued)
  await adoptRuns(connectionTo(client, table), NOW)
  await adoptRuns(connectionTo(client, table), NOW + 3_600_000)
  expect((await store.list({ state: ['waiting'] })).map(({ id }) => id)).toEqual(['run-2'])
  expect((await store.due(NOW)).runs.map(({ id }) => id)).toEqual(['run-2'])
})

test('what version 0.1 stored is listed beside what is stored today', async () => {
  const { store } = await tableOfBefore(ended)
  await store.commit(commitOf({ ...ended, id: 'run-5', startedAt: '2026-08-02T12:00:00.000Z' }))
  expect((await store.list({ state: ['closed'] })).map(({ id }) => id)).toEqual(['run-5', 'run-4'])
})
