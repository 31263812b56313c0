import { nameAwsError } from './errors.ts'
import { type Called, entryOf, type Services } from './services.ts'

/** What an answer says of one resource: FailureInfo of the tagging API. */
interface FailureInfo {
  ErrorCode?: string
  ErrorMessage?: string
  StatusCode?: number
}

/**
 * The answer, unless it says by itself that something failed: a 200 is no success then.
 * @throws AwsError by the code of the first failure
 */
export function withoutFailures<A extends Record<string, unknown>>(
  services: Services,
  call: Called,
  answer: A,
): A {
  const field = entryOf(services.of(call).failuresIn, call.operation)
  const [first] = Object.entries((field && (answer[field] as Record<string, FailureInfo>)) || {})
  if (first === undefined) return answer
  const [resource, { ErrorCode = 'Failed', ErrorMessage, StatusCode }] = first
  const thrown = {
    name: ErrorCode,
    message: ErrorMessage ?? `${ErrorCode}: ${resource}`,
    $metadata: { httpStatusCode: StatusCode ?? 400 },
  }
  throw nameAwsError(thrown, services.iamAction(call), [], services.of(call).errors)
}
