import { SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch'
import type { Context, SQSRecord } from 'aws-lambda'
import { systemClock } from '../engine/system.ts'
import { readMessage } from '../queue/messages.ts'
import { dispatch } from './dispatch.ts'
import { deployedEngine } from './engine-ports.ts'
import { logger, told } from './observe.ts'
import { takingRecords } from './records.ts'
import { settingsFrom } from './settings.ts'

/** Left for storing and answering when the time is up (ms). */
const LEFT_OVER_MS = 5_000

const { portsFor, waker } = await deployedEngine(settingsFrom(process.env, import.meta.dirname))

/** One message about one resource: carries its run to the end, or to where it has to wait. */
export const handler = takingRecords(take, new SqsFifoPartialProcessorAsync())

async function take(record: SQSRecord, context: Context): Promise<void> {
  const message = readMessage(record.body)
  const endsAt = systemClock.now() + context.getRemainingTimeInMillis() - LEFT_OVER_MS
  const ports = portsFor({ id: context.awsRequestId, endsAt, progress: told })
  logger.info('message taken', { ...message, findings: undefined })
  await dispatch(ports, message, waker)
}
