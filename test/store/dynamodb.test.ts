import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoStore } from '../../src/store/dynamodb.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { keepsTheContract } from './contract.ts'

const endpoint = withMinistack()
let client: DynamoDBClient
beforeAll(() => {
  client = dynamoClient(endpoint())
})
afterAll(() => client.destroy())

describe('the run store in DynamoDB', () => {
  keepsTheContract(async () => dynamoStore(client, await newRunTable(client)))
})
