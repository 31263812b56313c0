import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { StoreError } from '../store-error.ts'

const PASSING = [
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
  'TransactionInProgressException',
]

/**
 * Runs `work`, turning what DynamoDB and the way to it throw, after the SDK's own repetitions, into a `StoreError`:
 * `busy` where the same request may be repeated and perhaps was carried out, `unusable` where a person must act.
 */
export async function namedDynamo<T>(table: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw storeError(table, error)
  }
}

function storeError(table: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error
  const why = `${error.name}: ${error.message}`
  const named = error instanceof DynamoDBServiceException
  // Every error of a request that was sent counts its attempts: one that DynamoDB did not name is no readable answer.
  // A request that was given up has none, and may have been sent.
  const unanswered = !named && (Reflect.has(error, '$metadata') || error.name === 'AbortError')
  if (unanswered || (named && (error.$fault === 'server' || PASSING.includes(error.name))))
    return new StoreError('busy', `table ${table} did not answer (${why}); try again`, { cause: error })
  if (named || error.name === 'CredentialsProviderError')
    return new StoreError('unusable', `cannot use table ${table}: ${why}`, { cause: error })
  return error
}
