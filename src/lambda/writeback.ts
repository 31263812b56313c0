import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { SQSBatchItemFailure, SQSRecord } from 'aws-lambda'
import { skewTeller } from '../aws/attempts/clock-skew.ts'
import { rolesAws } from '../aws/roles.ts'
import { systemClock } from '../engine/system.ts'
import { comeAgain } from '../queue/cards-queue.ts'
import { prompt } from '../queue/prompt.ts'
import { sqs } from '../queue/runs-queue.ts'
import { pauseAfter, readWritebackMessage } from '../queue/writeback-queue.ts'
import { dynamoStore } from '../store/dynamodb/dynamodb-store.ts'
import { DETECTOR_SERVICES } from '../writeback/detector-services.ts'
import { writeback } from '../writeback/tell-run.ts'
import { answering } from './incoming/records.ts'
import { endingWithInvocation, endOfInvocation } from './invoked.ts'
import { logger, metrics } from './observe.ts'
import { writebackSettingsFrom } from './settings/writeback-settings.ts'

const settings = writebackSettingsFrom(process.env)
const queue = { url: settings.writebackQueueUrl, client: endingWithInvocation(sqs()) }
const dynamo = endingWithInvocation(new DynamoDBClient(prompt()))
const store = dynamoStore(dynamo, settings.table, { retentionDays: settings.runRetentionDays })
const aws = rolesAws({
  services: DETECTOR_SERVICES,
  roleFor: settings.roleFor,
  ...(settings.externalId && { externalId: settings.externalId }),
  until: endOfInvocation,
  clockSkew: skewTeller((message) => logger.warn(message)),
})
/** Kept for as long as the function: it knows which rules have just been evaluated. */
const detectors = writeback({ aws: aws(), store, clock: systemClock })

/** From the queue of ends: tells detectors how runs ended. Who could not be told is told later, for a day. */
export const handler = answering(async ({ Records }) => {
  const failed = await Promise.all(Records.map(failureOf))
  return { batchItemFailures: failed.flatMap((each): SQSBatchItemFailure[] => (each ? [each] : [])) }
})

async function failureOf(record: SQSRecord): Promise<SQSBatchItemFailure | undefined> {
  const { messageId, receiptHandle, attributes } = record
  const attempts = Number(attributes.ApproximateReceiveCount)
  if (!(await comesAgain(record))) return undefined
  const seconds = pauseAfter(attempts)
  try {
    await comeAgain(queue, receiptHandle, seconds)
    logger.info('detectors are told again', { messageId, attempts, seconds })
  } catch (error) {
    // It comes all the same, when the queue's own time is over.
    logger.warn('message comes again otherwise than it should', { messageId, error })
  }
  return { itemIdentifier: messageId }
}

async function comesAgain({ messageId, body }: SQSRecord): Promise<boolean> {
  try {
    const { run: id, late } = readWritebackMessage(body)
    const run = await store.get(id)
    // It is kept for days; who has lost it has nothing to tell.
    if (run === undefined) return false
    const { told, again } = await detectors.tell(run, late)
    for (const end of told) {
      if (end.ok) logger.info('detector told', { run: run.id, ...end })
      else logger.warn('detector not told', { run: run.id, ...end })
    }
    if (told.some(({ ok }) => !ok)) metrics.addMetric('DetectorsNotTold', MetricUnit.Count, 1)
    return again
  } catch (error) {
    logger.error('message failed', { messageId, error })
    return true
  }
}
