import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe } from '@jest/globals'
import type { Emulator } from '../../src/sandbox/emulator.ts'
import { startMoto } from '../../src/sandbox/moto.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { dynamoClient } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { keepsTheContract } from './contract.ts'

/** A second emulator of DynamoDB, independent of the first: what both keep is more likely AWS's own. */
let moto: Emulator
let client: DynamoDBClient
beforeAll(async () => {
  moto = await startMoto()
  client = oneAtATime(dynamoClient(moto.url))
}, 300_000)
afterAll(async () => {
  client.destroy()
  await moto.stop()
})

/** moto answers in threads and does not keep its transactions apart: of two at once that exclude each other both are stored. */
function oneAtATime(of: DynamoDBClient): DynamoDBClient {
  let last: Promise<unknown> = Promise.resolve()
  of.middlewareStack.add(
    (next) => (args) => {
      const answer = last.then(() => next(args))
      last = answer.catch(() => undefined)
      return answer
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  return of
}

describe('the run store in DynamoDB, as moto has it', () => {
  keepsTheContract(async () => dynamoStore(client, await newRunTable(client)))
})
