import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Context, DynamoDBRecord } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import type { Run } from '../../src/run/run.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { runKey } from '../../src/store/dynamodb/keys.ts'
import { sampleRun } from '../support/sample-run.ts'
import { startedNotifier } from './started-notifier.ts'

const sns = mockClient(SNSClient)
const table = mockClient(DynamoDBClient)
const queue = mockClient(SQSClient)
let handler: typeof import('../../src/lambda/notifier.ts').handler

beforeAll(async () => {
  handler = await startedNotifier({ RECTIFY_CARDS_QUEUE_URL: 'https://sqs/cards.fifo' })
})
beforeEach(() => {
  for (const mock of [sns, table, queue]) mock.reset()
  table.on(GetItemCommand).resolves({})
  table.on(PutItemCommand).resolves({})
  sns.on(PublishCommand).resolves({})
  queue.on(SendMessageCommand).resolves({})
})

const approval = { channel: 'C1', quorum: 1, expiresAfter: 'PT24H', onExpiry: 'decline' as const }
const waiting = sampleRun({ approval, state: 'waiting', waitingFor: 'approval', outcome: null, round: 1 })

async function failures(run: Run): Promise<number> {
  const NewImage = { ...runKey(run.id), ...runAttributes({ ...run, plan: null }) } as never
  const record: DynamoDBRecord = {
    eventID: '1',
    eventName: 'MODIFY',
    dynamodb: { NewImage, SequenceNumber: '1' },
  }
  const context = { awsRequestId: '1', getRemainingTimeInMillis: () => 60_000 } as Context
  const answer = await handler({ Records: [record] }, context)
  return answer?.batchItemFailures.length ?? 0
}
const wished = () => queue.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)

test('a run that asks is told by the topic and wished for in Slack, in the order of its channel', async () => {
  expect(await failures(waiting)).toBe(0)
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1)
  expect(wished()).toEqual([
    {
      QueueUrl: 'https://sqs/cards.fifo',
      MessageBody: JSON.stringify({ run: waiting.id, round: 1, post: true }),
      MessageGroupId: 'post:C1',
      MessageDeduplicationId: `${waiting.id}-2-0-0-no-post`,
    },
  ])
})

test('a quiet end goes to Slack only, where a card may stand, and the same state is the same message', async () => {
  const run = sampleRun({ approval, outcome: 'remediated' })
  expect(await failures(run)).toBe(0)
  expect(await failures(run)).toBe(0)
  expect(await failures({ ...run, undoneBy: 'undo-1' })).toBe(0)
  expect(sns.commandCalls(PublishCommand)).toHaveLength(0)
  const [first, second, third] = wished().map(({ MessageDeduplicationId }) => MessageDeduplicationId)
  expect(second).toBe(first)
  expect(third).not.toBe(first)
  expect(wished()[0]?.MessageGroupId).toBe('update:C1')
})

test('a queue that fails brings the record back, and the topic has been told', async () => {
  queue.on(SendMessageCommand).rejects(new Error('no queue'))
  expect(await failures(waiting)).toBe(1)
  expect(sns.commandCalls(PublishCommand)).toHaveLength(1)
})

test('a topic that fails brings the record back, and Slack has been told', async () => {
  sns.on(PublishCommand).rejects(new Error('no topic'))
  expect(await failures(waiting)).toBe(1)
  expect(wished()).toHaveLength(1)
})
