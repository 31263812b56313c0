import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import { answering, type Begin, failureOf, type Take } from './records.ts'

/**
 * A handler that takes the records of a standard queue side by side; those that fail come again, and only those.
 * In a file of its own: the runner, which takes groups, does not read the library for this.
 */
export function takingRecords(begin: Begin) {
  const processor = new BatchProcessor(EventType.SQS)
  return answering(async (event, context) => {
    const take = await begin(context)
    const orTell: Take = async (record) => {
      const failed = await failureOf(take, record)
      if (failed) throw failed.error
    }
    return processPartialResponse(event, orTell, processor, { context, throwOnFullBatchFailure: false })
  })
}
