import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { OutOfTime } from '../../engine/drive/out-of-time.ts'
import { invoked } from '../invoked.ts'
import { logger, publishMetrics } from '../observe.ts'

/** Takes one record; what it throws sends the record back to its queue. */
export type Take = (record: SQSRecord) => Promise<void>

/** Makes what all records of an invocation share. */
export type Begin = (context: Context) => Take | Promise<Take>

/** So often a message of the runs queue is received before it goes to the dead letters: `maxReceiveCount` there. */
export const MOST_RECEIVES = 5

/**
 * A handler for the records of a FIFO queue: groups go side by side, within a group one record after the other. When
 * one fails, it and those of its group behind it come again, in their order; the other groups never notice.
 *
 * Each receive counts against a record, also where it only stood behind another. From the first on for which it would be
 * the last, those behind are put into their queue anew: what they stood behind must not take them to the dead letters.
 */
export function takingGroups(begin: Begin, putAnew: Take) {
  return answering(async ({ Records }, context) => {
    const take = await begin(context)
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId)
    const again = await Promise.all([...groups.values()].map((group) => takeInOrder(group, take, putAnew)))
    return { batchItemFailures: again.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) }
  })
}

/** A handler that publishes what it has counted, also where it fails. */
export function answering(work: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>) {
  return invoked<SQSEvent, SQSBatchResponse>(async (event, context) => {
    try {
      return await work(event, context)
    } finally {
      publishMetrics()
    }
  })
}

/** @returns the records that shall come again */
async function takeInOrder(group: readonly SQSRecord[], take: Take, putAnew: Take): Promise<SQSRecord[]> {
  for (const [n, record] of group.entries()) {
    const failed = await failureOf(take, record)
    if (!failed) continue
    // It answers for its own failure, but not for the time that those before it took.
    const isItsOwn = n === 0 || !(failed.error instanceof OutOfTime)
    const behind = group.slice(isItsOwn ? n + 1 : n)
    return [...(isItsOwn ? [record] : []), ...(await keptAlive(behind, putAnew))]
  }
  return []
}

/** @returns those that shall come again as they are: from the first that cannot be put anew on, all of them */
async function keptAlive(behind: readonly SQSRecord[], putAnew: Take): Promise<SQSRecord[]> {
  const isLast = ({ attributes }: SQSRecord) => Number(attributes.ApproximateReceiveCount) >= MOST_RECEIVES
  const first = behind.findIndex(isLast)
  if (first < 0) return [...behind]
  for (const [n, record] of behind.entries())
    if (n >= first && (await failureOf(putAnew, record)))
      return [...behind.slice(0, first), ...behind.slice(n)]
  return behind.slice(0, first)
}

/** Why a record fails, which is told: the queue only knows that it does. */
export async function failureOf(take: Take, record: SQSRecord): Promise<{ error: unknown } | undefined> {
  try {
    await take(record)
    return undefined
  } catch (error) {
    const { messageId, attributes } = record
    const about = { messageId, received: attributes.ApproximateReceiveCount }
    if (error instanceof OutOfTime) logger.info('message put off: no time was left for it', about)
    else logger.error('message failed', { ...about, error })
    return { error }
  }
}
