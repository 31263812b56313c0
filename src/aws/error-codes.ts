import type { AwsErrorKind } from '../playbook/aws-error.ts'

/**
 * What the codes of EC2, WAFv2, SSM, STS, S3 and Config mean to a run. A code that is not here is `gone` when it ends in
 * `.NotFound`, `retryable` with a 5xx status, else `final`.
 */
const CODES: { [K in Exclude<AwsErrorKind, 'final'>]: readonly string[] } = {
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
    'TooManyUpdates',
    'TransactionInProgressException',
  ],
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AllAccessDisabled',
    'AuthFailure',
    'Forbidden',
    'NotAuthorized',
    'OperationNotPermitted',
    'UnauthorizedAccess',
    'UnauthorizedOperation',
  ],
  gone: [
    'DoesNotExistException',
    'InvalidCommandId',
    'InvalidInstanceId',
    'InvocationDoesNotExist',
    'NoSuchBucket',
    'NoSuchConfigRuleException',
    'NoSuchKey',
    'NotFound',
    'ResourceNotFoundException',
    'WAFNonexistentItemException',
  ],
  alreadySo: [
    'InvalidPermission.Duplicate',
    'InvalidPermission.NotFound',
    'InvalidSecurityGroupRuleId.NotFound',
    'InvalidSecurityGroupRuleID.NotFound',
  ],
  conflict: [
    'ConflictException',
    'DependencyViolation',
    'IncorrectInstanceState',
    'IncorrectState',
    'IncorrectState.Snapshot',
    'OperationAborted',
    'PrefixListVersionMismatch',
    'WAFAssociatedItemException',
    'WAFOptimisticLockException',
  ],
  retryable: [
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'RequestTimeout',
    'RequestTimeoutException',
    'ServiceUnavailable',
    'TimeoutError',
    'Unavailable',
    'WAFInternalErrorException',
    'WAFUnavailableEntityException',
  ],
}

const KINDS = new Map(
  Object.entries(CODES).flatMap(([kind, codes]) => codes.map((code) => [code, kind as AwsErrorKind])),
)

/** EC2 names what is missing before it: InvalidGroup.NotFound, InvalidSnapshot.NotFound ... */
const NOT_FOUND = '.NotFound'

/** Whether the code tells by itself what happened, whatever came with it. */
export function isKnown(code: string): boolean {
  return KINDS.has(code) || code.endsWith(NOT_FOUND)
}

/** The kind of a code that the service gave; `action` because one code has two meanings. */
export function kindOf(code: string, action: string, status: number | undefined): AwsErrorKind {
  // IAM says LimitExceededException for a quota, which no waiting cures.
  if (code === 'LimitExceededException' && action.startsWith('iam:')) return 'final'
  const known = KINDS.get(code)
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
