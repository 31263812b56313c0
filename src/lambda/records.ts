import {
  type BatchProcessor,
  processPartialResponse,
  type SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { invoked } from './invoked.ts'
import { publishMetrics } from './observe.ts'

/** A handler that takes the records of a queue one by one; those that fail come again, and only those. */
export function takingRecords(
  take: (record: SQSRecord, context: Context) => Promise<void>,
  processor: BatchProcessor | SqsFifoPartialProcessorAsync,
) {
  return invoked<SQSEvent, SQSBatchResponse>(async (event, context) => {
    const response = await processPartialResponse(
      event,
      (record: SQSRecord) => take(record, context),
      processor,
      {
        context,
        throwOnFullBatchFailure: false,
      },
    )
    publishMetrics()
    return response
  })
}
