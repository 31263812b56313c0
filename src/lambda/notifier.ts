import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { SNSClient } from '@aws-sdk/client-sns'
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { systemClock } from '../engine/system.ts'
import { cardsQueue } from '../queue/cards-queue.ts'
import { prompt } from '../queue/prompt.ts'
import { sqs } from '../queue/runs-queue.ts'
import { writebackQueue } from '../queue/writeback-queue.ts'
import type { Run } from '../run/run.ts'
import type { Item } from '../store/dynamodb/connection.ts'
import { runOf } from '../store/dynamodb/items.ts'
import { noticeKey, POLICY } from '../store/dynamodb/keys.ts'
import { mayBeTold } from '../writeback/run-words.ts'
import { endingWithInvocation, invoked } from './invoked.ts'
import { logger } from './observe.ts'
import { settingsFrom } from './settings/settings.ts'
import { inEveryWay } from './tellers/in-every-way.ts'
import { noticeOf } from './tellers/notice.ts'
import { policyNotice } from './tellers/policy-notice.ts'
import { wishCards } from './tellers/slack-teller.ts'
import { snsTeller } from './tellers/sns-teller.ts'
import type { Teller } from './tellers/teller.ts'

const settings = settingsFrom(process.env, import.meta.dirname)
const { topicArn } = settings
if (topicArn === undefined)
  throw new Error('RECTIFY_TOPIC_ARN is not set: deploy this function with template.yaml')
const table = endingWithInvocation(new DynamoDBClient(prompt()))
/** By which ways people are told. */
const tellers: readonly Teller[] = [snsTeller(endingWithInvocation(new SNSClient(prompt())), topicArn)]
/** Where Slack is set up: where cards are wished for. */
const cards =
  settings.cardsQueueUrl === undefined
    ? undefined
    : cardsQueue(settings.cardsQueueUrl, endingWithInvocation(sqs()))
/** Where detectors are told how runs ended; they may be slow or refuse, and the stream waits for nobody. */
const ends =
  settings.writebackQueueUrl === undefined
    ? undefined
    : writebackQueue(settings.writebackQueueUrl, endingWithInvocation(sqs()))
const processor = new BatchProcessor(EventType.DynamoDBStreams)

/** How long it is remembered that something was told (seconds): longer than the stream keeps its records. */
const REMEMBERED_SECONDS = 2 * 24 * 3600

/** From the committed events of the table: tells people what they must know, once. */
export const handler = invoked<DynamoDBStreamEvent, DynamoDBBatchResponse>(async (event, context) =>
  processPartialResponse(event, tellOrSay, processor, { context, throwOnFullBatchFailure: false }),
)

/** The stream only knows that a record fails. */
async function tellOrSay(record: DynamoDBRecord): Promise<void> {
  try {
    await tell(record)
  } catch (error) {
    logger.error('notice failed', { sequenceNumber: record.dynamodb?.SequenceNumber, error })
    throw error
  }
}

/** One that fails brings the record back. */
async function tell({ dynamodb }: DynamoDBRecord): Promise<void> {
  const image = dynamodb?.NewImage
  if (image?.SK?.S === POLICY) return tellOfPolicy(image as Item)
  if (image?.SK?.S !== 'RUN' || !image.body) return
  // Lambda hands on what is binary as base64: the body of a large run.
  const { B } = image.body
  const run = runOf({ ...(image as Item), ...(B !== undefined && { body: { B: Buffer.from(B, 'base64') } }) })
  const isOld = isOldNews(run, dynamodb?.ApproximateCreationDateTime)
  const notice = isOld ? undefined : noticeOf(run, settings.stack)
  await inEveryWay([
    ...(notice ? tellers.map((teller) => once(keyOfRun(run, teller.id), () => teller.tell(notice))) : []),
    ...(ends && !isOld && mayBeTold(run) ? [once(keyOfRun(run, 'writeback'), () => ends.put(run))] : []),
    ...(cards ? [wishCards(cards, run, isOld)] : []),
  ])
}

/** A version of the policy that is refused is told once, by every way. */
async function tellOfPolicy(image: Item): Promise<void> {
  const notice = policyNotice(image, settings.stack)
  if (notice === undefined) return
  const { object, revision } = notice
  await inEveryWay(
    tellers.map((teller) => {
      const { id } = teller
      const told = { key: noticeKey(object, revision, id), about: { policy: object }, by: id }
      return once(told, () => teller.tell(notice))
    }),
  )
}

interface Told {
  key: ReturnType<typeof noticeKey>
  /** For the log. */
  about: Record<string, string>
  by: string
}

const keyOfRun = (run: Run, by: string): Told => ({
  key: noticeKey(run.id, run.revision, by),
  about: { run: run.id },
  by,
})

/** At least once: told first, remembered after. A record of the stream that comes again is known by its revision. */
async function once({ key, about, by }: Told, tellIt: () => Promise<void>): Promise<void> {
  const Key: Item = { ...key }
  const { Item } = await table.send(
    new GetItemCommand({ TableName: settings.table, Key, ConsistentRead: true }),
  )
  if (Item) return
  await tellIt()
  const expires = { N: String(Math.floor(systemClock.now() / 1000) + REMEMBERED_SECONDS) }
  await table.send(new PutItemCommand({ TableName: settings.table, Item: { ...Key, expires } }))
  logger.info('told', { ...about, by })
}

/**
 * Whether this change came when it was no longer remembered what was told of the run's end: all that changes then is
 * how long it is kept, or that it was undone.
 * @param at when the item changed, in epoch seconds
 */
function isOldNews({ endedAt }: Run, at: number | undefined): boolean {
  return endedAt !== undefined && at !== undefined && at - Date.parse(endedAt) / 1000 >= REMEMBERED_SECONDS
}
