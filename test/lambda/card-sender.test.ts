import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import { type CardsQueue, cardsQueue } from '../../src/queue/cards-queue.ts'
import type { Run } from '../../src/run/run.ts'
import type { RunStore } from '../../src/run/store.ts'
import type { StandInSlack } from '../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../src/sandbox/slack/start-slack.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { aWaitingRun, commitOf } from '../store/example-commits.ts'
import { withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { SILENT } from './silent.ts'

/** The function of cards as it is deployed, with an emulated table, queue and parameter, and a Slack over HTTP. */
const endpoint = withMinistack()
const PARAMETER = '/rectify/slack-token'
let slack: StandInSlack
let dynamo: DynamoDBClient
let client: SQSClient
let ssm: SSMClient
let url: string
let store: RunStore
let queue: CardsQueue
let handler: typeof import('../../src/lambda/cards.ts').handler

beforeAll(async () => {
  slack = await startSlack()
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint(),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  dynamo = new DynamoDBClient()
  client = new SQSClient({ useQueueUrlAsEndpoint: false })
  ssm = new SSMClient()
  const table = await newRunTable(dynamo)
  const Attributes = { FifoQueue: 'true', VisibilityTimeout: '120' }
  url = (await client.send(new CreateQueueCommand({ QueueName: 'cards.fifo', Attributes }))).QueueUrl!
  await tokenIs(slack.token)
  Object.assign(process.env, {
    ...SILENT,
    RECTIFY_TABLE: table,
    RECTIFY_CARDS_QUEUE_URL: url,
    RECTIFY_SLACK_TOKEN_PARAMETER: PARAMETER,
    RECTIFY_SLACK_API_URL: slack.api.slice(0, -1),
    RECTIFY_STACK: 'prod',
  })
  store = dynamoStore(dynamo, table)
  queue = cardsQueue(url, client)
  ;({ handler } = await import('../../src/lambda/cards.ts'))
})
afterAll(async () => {
  for (const each of [dynamo, client, ssm]) each.destroy()
  await slack.stop()
})
beforeEach(() => slack.reset())

const tokenIs = (Value: string) =>
  ssm.send(new PutParameterCommand({ Name: PARAMETER, Value, Type: 'SecureString', Overwrite: true }))

async function asked(id: string): Promise<Run> {
  const approval = { channel: slack.channel, quorum: 1, expiresAfter: 'PT24H', onExpiry: 'decline' as const }
  const run = aWaitingRun(id, `sha256:${id}`, { approval, key: id, playbook: `close-${id}` })
  await store.commit(commitOf(run))
  return run
}

/** Waits until there is something to receive. */
async function received(): Promise<Message[]> {
  const input = { QueueUrl: url, MessageSystemAttributeNames: ['All' as const], WaitTimeSeconds: 20 }
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? []
}

/** As the event source does it: what did not fail leaves the queue. */
async function taken(messages: Message[]): Promise<number> {
  const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
    ...{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes: Attributes },
  }))
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context
  const { batchItemFailures = [] } = (await handler({ Records } as unknown as SQSEvent, context)) ?? {}
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  for (const { MessageId = '', ReceiptHandle } of messages)
    if (!failed.includes(MessageId))
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }))
  return failed.length
}

const cardTexts = () =>
  slack
    .state()
    .channels.find(({ id }) => id === slack.channel)!
    .messages.map(({ text }) => text)

test('what the notifier wishes for is posted, with the command of this deployment', async () => {
  await queue.put(await asked('run-1'), true)
  const messages = await received()
  expect(messages.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual([`post:${slack.channel}`])
  expect(await taken(messages)).toBe(0)
  expect(cardTexts()).toEqual([expect.stringContaining('rectify runs run-1 --stack prod')])
})

test('what Slack holds back comes again when Slack said so, long before its queue would bring it', async () => {
  await queue.put(await asked('run-2'), true)
  Object.assign(slack.faults, { limit: 1, retryAfter: 6 })
  expect(await taken(await received())).toBe(1)
  expect(cardTexts()).toEqual([])
  expect(await taken(await received())).toBe(0)
  expect(cardTexts()).toHaveLength(1)
}, 30_000)
