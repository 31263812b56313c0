import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import { getItem, getItems, getTogether, query, queryPartition } from '../../src/store/dynamodb/connection.ts'
import { connectionTo, dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'

/** A table that answers every read with nothing but that it was answered. */
const client = { send: async () => ({}) } as unknown as DynamoDBClient
const connection = connectionTo(client, 'runs')
const key = { PK: { S: 'run#1' }, SK: { S: 'run' } }

test('a read of DynamoDB whose answer leaves out its list found nothing', async () => {
  expect(await getItem(connection, key)).toBeUndefined()
  expect(await query(connection, {})).toEqual([])
  expect(await queryPartition(connection, 'run#1', '')).toEqual([])
  expect(await getItems(connection, [key, key])).toEqual([])
  expect((await getTogether(connection, [key, key])).filter((item) => item !== undefined)).toEqual([])
})

test('a store on such answers is an empty one, and none of its reads trips', async () => {
  const store = dynamoStore(client, 'runs')
  expect(await store.get('1')).toBeUndefined()
  expect(await store.newest('playbook', 'key')).toBeUndefined()
  expect((await store.lock('arn')).lockedBy).toBeUndefined()
  expect([await store.list(), await store.attached('1'), await store.audit('1')]).toEqual([[], [], []])
  expect([
    await store.timeBoxes('arn'),
    await store.timeBoxes('arn', ['a']),
    await store.timeBoxesDue(0),
  ]).toEqual([[], [], []])
})
