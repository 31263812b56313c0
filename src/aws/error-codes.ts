import type { AwsErrorKind } from '../playbook/aws-error.ts'
import type { ErrorCodes } from '../playbook/service/service.ts'

/**
 * What codes mean to a run whatever service gives them; a service's own stand in its definition. A code that is in neither
 * is `gone` when it ends in `.NotFound`, `retryable` with a 5xx status, else `final`.
 */
const GENERAL: ErrorCodes = {
  /** The AWS SDKs' list of throttling codes. */
  throttled: [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'LimitExceededException',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'TransactionInProgressException',
  ],
  denied: ['AccessDenied', 'AccessDeniedException', 'Forbidden', 'NotAuthorized', 'UnauthorizedAccess'],
  gone: ['NotFound', 'ResourceNotFoundException'],
  conflict: ['ConflictException', 'OperationAborted'],
  retryable: [
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'RequestTimeout',
    'RequestTimeoutException',
    'ServiceUnavailable',
    'TimeoutError',
    'Unavailable',
  ],
}

const KINDS = kindsIn(GENERAL)
const OF_SERVICES = new WeakMap<ErrorCodes, ReadonlyMap<string, AwsErrorKind>>()

function kindsIn(codes: ErrorCodes): ReadonlyMap<string, AwsErrorKind> {
  const kinds = Object.entries(codes) as [AwsErrorKind, readonly string[]][]
  return new Map(kinds.flatMap(([kind, own]) => own.map((code) => [code, kind] as const)))
}

/** What the service says of its own codes goes before what is said of all. */
function listed(code: string, own: ErrorCodes | undefined): AwsErrorKind | undefined {
  if (own === undefined) return KINDS.get(code)
  const kinds = OF_SERVICES.get(own) ?? kindsIn(own)
  OF_SERVICES.set(own, kinds)
  return kinds.get(code) ?? KINDS.get(code)
}

/** EC2 names what is missing before it: InvalidGroup.NotFound, InvalidSnapshot.NotFound ... */
const NOT_FOUND = '.NotFound'

/** Whether the code tells by itself what happened, whatever came with it. */
export function isKnown(code: string, own?: ErrorCodes): boolean {
  return listed(code, own) !== undefined || code.endsWith(NOT_FOUND)
}

/**
 * The kind of a code that a service gave.
 * @param action because one code has two meanings
 * @param own what the service's codes mean
 */
export function kindOf(
  code: string,
  action: string,
  status: number | undefined,
  own?: ErrorCodes,
): AwsErrorKind {
  // IAM says LimitExceededException for a quota, which no waiting cures.
  if (code === 'LimitExceededException' && action.startsWith('iam:')) return 'final'
  const known = listed(code, own)
  if (known) return known
  if (code.endsWith(NOT_FOUND)) return 'gone'
  if (status === 429) return 'throttled'
  return status !== undefined && status >= 500 ? 'retryable' : 'final'
}

/** What S3 says with each status where it may say something (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const STATUSES: ReadonlyMap<number, string> = new Map([
  [301, 'PermanentRedirect'],
  [304, 'NotModified'],
  [307, 'TemporaryRedirect'],
  [400, 'BadRequest'],
  [403, 'AccessDenied'],
  [405, 'MethodNotAllowed'],
  [409, 'OperationAborted'],
  [412, 'PreconditionFailed'],
  [429, 'TooManyRequestsException'],
  [500, 'InternalError'],
  [503, 'ServiceUnavailable'],
])

/**
 * The code of an answer that has a status and nothing else. Only to a HEAD is 404 all that a service says: elsewhere it
 * would name what is missing, so somebody between us and the service has answered, and nothing is known to be gone.
 */
export function codeOfStatus(status: number, action: string): string {
  if (status === 404 && /:Head[A-Z]/.test(action)) return 'NotFound'
  return STATUSES.get(status) ?? `Status${status}`
}

/** Codes that say: these credentials are wrong, old or missing. Nothing is gained by trying again. */
export const CREDENTIALS_CODES: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
])

/** Codes of the system that say: no connection was made, so nothing was sent. */
export const UNREACHABLE_CODES: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ERR_INVALID_URL',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])
