import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { AttributeValue, Context } from 'aws-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import type { Run } from '../../src/run/run.ts'
import type { Item } from '../../src/store/dynamodb/connection.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { noticeKey, policyKey, runKey } from '../../src/store/dynamodb/keys.ts'
import type { PolicyRecord } from '../../src/store/policy-record.ts'
import { sampleFinding } from '../support/sample-finding.ts'
import { sampleRun } from '../support/sample-run.ts'
import { hubFinding } from '../writeback/told-runs.ts'
import { startedNotifier } from './started-notifier.ts'

const sns = mockClient(SNSClient)
const table = mockClient(DynamoDBClient)
const queues = mockClient(SQSClient)
let handler: typeof import('../../src/lambda/notifier.ts').handler

beforeAll(async () => {
  handler = await startedNotifier({ RECTIFY_STACK: 'prod', RECTIFY_WRITEBACK_QUEUE_URL: 'ENDS' })
})
beforeEach(() => {
  sns.reset()
  table.reset()
  queues.reset()
  queues.on(SendMessageCommand).resolves({})
  table.on(GetItemCommand).resolves({})
  table.on(PutItemCommand).resolves({})
  sns.on(PublishCommand).resolves({})
})

/** A record of the table's stream as Lambda hands it on: binaries as base64. */
function changed(run: Run, at?: string) {
  const item: Item = { ...runKey(run.id), ...runAttributes(run) }
  const shown = Object.entries(item).map(([name, value]) => [
    name,
    value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
  ])
  const made = at !== undefined && { ApproximateCreationDateTime: Date.parse(at) / 1000 }
  const NewImage = Object.fromEntries(shown) as Record<string, AttributeValue>
  return {
    Records: [
      { eventID: '1', eventName: 'MODIFY' as const, dynamodb: { NewImage, SequenceNumber: '1', ...made } },
    ],
  }
}

const CONTEXT = { awsRequestId: '1', getRemainingTimeInMillis: () => 60_000 } as Context

async function told(run: Run, at?: string): Promise<(string | undefined)[]> {
  const answer = await handler(changed(run, at), CONTEXT)
  expect(answer).toEqual({ batchItemFailures: [] })
  return sns.commandCalls(PublishCommand).map(({ args }) => args[0].input.Message)
}

const failed = (reason: string) => sampleRun({ state: 'closed', outcome: 'failed', reason })

describe('of the policy in S3', () => {
  const inForce = { s3Version: 'v1', sha256: 'sha256:1', protect: false }
  const refused = {
    s3Version: 'v2',
    sha256: 'sha256:2',
    reason: 'the deployed policy:2: wrong',
    at: '2026-11-30T12:00:00.000Z',
  }
  const stored = (record: PolicyRecord) => ({
    Records: [
      {
        eventID: '1',
        eventName: 'MODIFY' as const,
        dynamodb: {
          SequenceNumber: '1',
          NewImage: { ...policyKey('b/rectify.yaml'), body: { S: JSON.stringify(record) } },
        },
      },
    ],
  })
  const published = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input)

  test('a version that is refused is told with why, and what stays in force', async () => {
    await handler(stored({ revision: 3, inForce, refused }), CONTEXT)
    expect(published()).toMatchObject([
      {
        Subject: 'Rectify: policy refused: s3://b/rectify.yaml',
        Message: `Version v2 (sha256:2) of s3://b/rectify.yaml, stack prod, is refused:
  the deployed policy:2: wrong

In force stays version v1 (sha256:1).`,
      },
    ])
  })

  test('that was told once is not told again, and neither is that one is in force', async () => {
    await handler(stored({ revision: 4, inForce }), CONTEXT)
    table.on(GetItemCommand).resolves({ Item: { ...noticeKey('b/rectify.yaml', 3) } })
    await handler(stored({ revision: 3, inForce, refused }), CONTEXT)
    expect(published()).toEqual([])
  })

  test('says so where none was ever good', async () => {
    await handler(stored({ revision: 1, refused }), CONTEXT)
    expect(published()[0]?.Message).toContain(
      'No version of it was ever good: nothing is changed until one is.',
    )
  })
})

describe('the notifier', () => {
  test('tells of a run that failed, once', async () => {
    const [message] = await told(failed('access denied'))
    expect(message).toContain('access denied')
    table.on(GetItemCommand).resolves({ Item: { PK: { S: 'NOTICE#' } } })
    expect(await told(failed('access denied'))).toHaveLength(1)
  })

  test('says nothing of a run whose item changes long after its end, when it is not remembered what was told', async () => {
    const run = { ...failed('access denied'), endedAt: '2026-08-01T12:00:00.000Z' }
    expect(await told(run, '2026-08-03T12:00:00.000Z')).toEqual([])
    expect(await told(run, '2026-08-03T11:59:00.000Z')).toHaveLength(1)
  })

  test('says of a run that waits what was found, and how to approve exactly its plan, in this deployment', async () => {
    const { plan, id } = sampleRun()
    const finding = sampleFinding({ evidence: { group: 'seq-1' } })
    const waiting = sampleRun({
      ...{ state: 'waiting', waitingFor: 'approval', outcome: null },
      findings: [finding],
    })
    const [message] = await told(waiting)
    expect(message).toContain(`rectify approve ${id} --approve ${plan!.hash.slice(7, 23)} --stack prod`)
    expect(message).toContain('config INCOMING_SSH_DISABLED')
    expect(message).toMatch(/part of +incident seq-1$/m)
  })

  test('asks once by mail: reminders and further levels are for the channel in which people decide', async () => {
    const at = '2026-11-20T09:00:00.000Z'
    const asks = (asked: NonNullable<Run['asked']>) =>
      sampleRun({ state: 'waiting', waitingFor: 'approval', outcome: null, asked })
    expect(await told(asks({ at, level: 1 }))).toEqual([])
    expect(await told(asks({ at, level: 0, reminded: 'half' }))).toEqual([])
    expect(await told(asks({ at, level: 0 }))).toHaveLength(1)
  })

  test('says nothing of a run that put its resource right', async () => {
    expect(await told(sampleRun({ state: 'closed', outcome: 'remediated' }))).toEqual([])
  })

  test('tells of a run that is stored packed, in a message that SNS takes', async () => {
    const [message = ''] = await told(failed('x'.repeat(310_000)))
    expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024)
    expect(message).toContain('failed')
    expect(message).toMatch(/`rectify runs \S+ --stack prod` shows all of it\)$/)
  })
})

describe('the notifier has detectors told', () => {
  const ended = (more: Partial<Run> = {}) =>
    sampleRun({ findings: [hubFinding()], tell: ['securityhub'], ...more })
  const sent = () =>
    queues
      .commandCalls(SendMessageCommand)
      .map(({ args: [{ input }] }) => [input.QueueUrl, input.MessageBody])

  test('of a run that has ended, once for each state that is stored of it', async () => {
    await told(ended())
    expect(sent()).toEqual([['ENDS', JSON.stringify({ run: ended().id })]])
    table.on(GetItemCommand).resolves({ Item: { PK: { S: 'NOTICE#' } } })
    await told(ended())
    expect(sent()).toHaveLength(1)
    expect(table.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input.Item)).toMatchObject([
      { PK: { S: `NOTICE#${ended().id}-${ended().revision}` }, SK: { S: 'NOTICE#writeback' } },
    ])
  })

  test.each<[what: string, run: Partial<Run>, at: string | undefined]>([
    ['waits', { state: 'waiting', waitingFor: 'lock', outcome: null }, undefined],
    ['nobody is to be told of', { tell: [] }, undefined],
    ['ended long ago', {}, '2026-11-23T09:00:00.000Z'],
  ])('not of one that %s', async (_, run, at) => {
    await told(ended(run), at)
    expect(sent()).toEqual([])
  })

  test('and has the record come again where the queue does not take it, though people were told', async () => {
    queues.on(SendMessageCommand).rejects(new Error('no queue'))
    const run = ended({ outcome: 'failed' })
    expect(await handler(changed(run), CONTEXT)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1)
  })
})
