import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Context, SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { OutOfTime } from '../engine/drive/out-of-time.ts'
import { invoked } from './invoked.ts'
import { logger, publishMetrics } from './observe.ts'

/** Takes one record; what it throws sends the record back to its queue. */
export type Take = (record: SQSRecord) => Promise<void>

/** So often a message of the runs queue is received before it goes to the dead letters: `maxReceiveCount` there. */
export const MOST_RECEIVES = 5

/**
 * A handler that takes the records of a standard queue side by side; those that fail come again, and only those.
 * @param begin makes what all records of an invocation share
 */
export function takingRecords(begin: (context: Context) => Take) {
  const processor = new BatchProcessor(EventType.SQS)
  return answering((event, context) =>
    processPartialResponse(event, telling(begin(context)), processor, {
      context,
      throwOnFullBatchFailure: false,
    }),
  )
}

/**
 * A handler for the records of a FIFO queue: groups go side by side, within a group one record after the other. When
 * one fails, it and those of its group behind it come again, in their order; the other groups never notice.
 *
 * Each receive counts against a record, also where it only stood behind another. On its last one such a record is put
 * into its queue anew: what it stood behind must not take it to the dead letters.
 * @param begin makes what all records of an invocation share
 */
export function takingGroups(begin: (context: Context) => Take, putAnew: Take) {
  return answering(async ({ Records }, context) => {
    const take = telling(begin(context))
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId)
    const failed = await Promise.all([...groups.values()].map((group) => takeInOrder(group, take, putAnew)))
    const batchItemFailures = failed.flat().map(
      ({ messageId }): SQSBatchItemFailure => ({
        itemIdentifier: messageId,
      }),
    )
    return { batchItemFailures }
  })
}

function answering(work: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>) {
  return invoked<SQSEvent, SQSBatchResponse>(async (event, context) => {
    try {
      return await work(event, context)
    } finally {
      publishMetrics()
    }
  })
}

/** The same, and says why a record fails: the queue only knows that it does. */
function telling(take: Take): Take {
  return async (record) => {
    try {
      await take(record)
    } catch (error) {
      const { messageId, attributes } = record
      logger.error('message failed', { messageId, received: attributes.ApproximateReceiveCount, error })
      throw error
    }
  }
}

/** @returns the records that shall come again */
async function takeInOrder(group: readonly SQSRecord[], take: Take, putAnew: Take): Promise<SQSRecord[]> {
  for (const [n, record] of group.entries()) {
    const failed = await errorOf(take, record)
    if (failed === undefined) continue
    // For its own failure it answers itself, but not for the time that those before it took.
    const toBlame = n === 0 || !(failed.error instanceof OutOfTime) ? n + 1 : n
    return [...group.slice(n, toBlame), ...(await keepAlive(group.slice(toBlame), putAnew))]
  }
  return []
}

/** Puts those anew that would not be received again; from the first that cannot be, all come again as they are. */
async function keepAlive(records: readonly SQSRecord[], putAnew: Take): Promise<SQSRecord[]> {
  const isLast = ({ attributes }: SQSRecord) => Number(attributes.ApproximateReceiveCount) >= MOST_RECEIVES
  const comeAgain: SQSRecord[] = []
  for (const record of records) {
    const isPut = comeAgain.length === 0 && isLast(record) && !(await errorOf(telling(putAnew), record))
    if (!isPut) comeAgain.push(record)
  }
  return comeAgain
}

async function errorOf(take: Take, record: SQSRecord): Promise<{ error: unknown } | undefined> {
  try {
    await take(record)
    return undefined
  } catch (error) {
    return { error }
  }
}
