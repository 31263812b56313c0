import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import type { Item } from '../../src/store/dynamodb/connection.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { runKey } from '../../src/store/dynamodb/keys.ts'
import { dynamoClient } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { keepsTheContract } from './contract.ts'
import {
  aFinding,
  approval,
  aRun,
  aWaitingRun,
  commitOf,
  GROUP,
  NOW,
  next,
  PLAYBOOK,
  release,
  SET,
} from './example-commits.ts'
import {
  another,
  client,
  clients,
  endpoint,
  namesOf,
  puts,
  started,
  store,
  table,
  withRunTable,
} from './watched-run-table.ts'

withRunTable()

describe('the run store in DynamoDB', () => {
  keepsTheContract(async () => dynamoStore(client, await newRunTable(client)))
})

describe('the cost', () => {
  test('of an automatic run is two transactions, with nothing read before them', async () => {
    const { store, calls } = another()
    await store.commit(started)
    const closed = next(aRun('run-1'), { state: 'closed', outcome: 'remediated' })
    await store.commit(commitOf(closed, { expect: { attached: 0 }, lock: release }))
    expect(namesOf(calls)).toEqual(['TransactWriteItems', 'TransactWriteItems'])
  })

  test('of holds is one read more, and of a decision or an attached finding one read and one transaction', async () => {
    const { store, calls } = another()
    await store.commit(
      commitOf(aWaitingRun('run-1', 'sha256:a'), { timeBoxes: puts(['198.51.100.1/32'], 'run-1') }),
    )
    await store.decide('run-1', approval('alice', 'sha256:a'), NOW)
    await store.attach('run-1', [aFinding('a')])
    expect(namesOf(calls)).toEqual([
      ...['TransactGetItems', 'TransactWriteItems'],
      ...['GetItem', 'TransactWriteItems'],
      ...['GetItem', 'Query', 'TransactWriteItems'],
    ])
  })

  test('of holds on an entry of another run is a read of that run more', async () => {
    await store.commit(commitOf(aRun('run-1'), { timeBoxes: puts(['198.51.100.1/32'], 'run-1') }))
    const joining = puts(['198.51.100.1/32'], 'run-2').map((put) => ({ ...put, onlyIfOurs: true }))
    const { store: other, calls } = another()
    await other.commit(commitOf(aRun('run-2'), { timeBoxes: joining }))
    expect(namesOf(calls)).toEqual(['TransactGetItems', 'BatchGetItem', 'TransactWriteItems'])
  })

  test('of reads is one request, strongly read, and nothing ever scans', async () => {
    await store.commit(started)
    const { store: reader, calls } = another()
    await reader.get('run-1')
    await reader.newest(PLAYBOOK, GROUP)
    await reader.lock(GROUP)
    await reader.audit('run-1')
    await reader.attached('run-1')
    await reader.timeBoxes(SET)
    await reader.control()
    expect(calls.map(({ name, input }) => [name, input.ConsistentRead])).toEqual(
      ['GetItem', 'GetItem', 'GetItem', 'Query', 'Query', 'Query', 'GetItem'].map((name) => [name, true]),
    )
  })
})

describe('the index, which lags behind', () => {
  test('finds runs and holds, and what is told of them is as it is now', async () => {
    const mocked = mockClient(dynamoClient(endpoint()))
    const closed = aRun('run-1', { state: 'closed', outcome: 'remediated' })
    const item: Item = { ...runKey('run-1'), ...runAttributes(closed) }
    mocked.on(QueryCommand).resolves({ Items: [{ ...runKey('run-1') }] })
    mocked.on(BatchGetItemCommand).resolves({ Responses: { runs: [item] } })
    const behind = dynamoStore(mocked as unknown as DynamoDBClient, 'runs')
    expect(await behind.list({ state: ['open', 'waiting'] })).toEqual([])
    expect(await behind.timeBoxesDue(NOW)).toEqual([])
    for (const call of mocked.commandCalls(BatchGetItemCommand)) {
      const asked = call.args[0].input.RequestItems?.runs
      expect(asked?.ConsistentRead).toBe(true)
      // Found in both states, which is how a run looks that is between them; the table takes a key once.
      expect(asked?.Keys).toEqual([runKey('run-1')])
    }
  })
})

describe('a table', () => {
  test('that is not there is told as unusable', async () => {
    const nowhere = dynamoStore(client, 'no-such-table')
    const { get, commit, list, control } = nowhere
    for (const refused of [() => get('run-1'), () => commit(started), () => list(), () => control()])
      await expect(refused()).rejects.toMatchObject({
        name: 'StoreError',
        kind: 'unusable',
        message: expect.stringContaining('no-such-table'),
      })
  })

  test('that does not answer is told as busy', async () => {
    const silent = dynamoClient('http://127.0.0.1:9')
    clients.push(silent)
    await expect(dynamoStore(silent, table).control()).rejects.toMatchObject({ kind: 'busy' })
  })
})
