import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Context } from 'aws-lambda'
import { answering, failureOf, type Take } from './records.ts'

/**
 * A handler that takes the records of a standard queue side by side; those that fail come again, and only those.
 * In a file of its own: the runner, which takes groups, does not read the library for this.
 * @param begin makes what all records of an invocation share
 */
export function takingRecords(begin: (context: Context) => Take) {
  const processor = new BatchProcessor(EventType.SQS)
  return answering((event, context) => {
    const take = begin(context)
    const orTell: Take = async (record) => {
      const failed = await failureOf(take, record)
      if (failed) throw failed.error
    }
    return processPartialResponse(event, orTell, processor, { context, throwOnFullBatchFailure: false })
  })
}
