/**
 * What an AWS error means to a run. The table that names them is `src/aws/errors.ts`.
 *
 * - `throttled`: too fast; the SDK has already retried, try later
 * - `denied`: this principal may not; final
 * - `gone`: the resource is not there
 * - `alreadySo`: what was asked for is already the case (duplicate rule, rule not found on revoke)
 * - `conflict`: somebody else changed it first (lock token, incorrect state)
 * - `retryable`: the service or the network failed; the call may or may not have taken effect
 * - `final`: the request itself is refused (validation, quota)
 */
export type AwsErrorKind = 'throttled' | 'denied' | 'gone' | 'alreadySo' | 'conflict' | 'retryable' | 'final'

export class AwsError extends Error {
  readonly kind: AwsErrorKind
  /** The service's own code: 'UnauthorizedOperation', 'InvalidGroup.NotFound' ... */
  readonly code: string
  /** IAM action that was attempted: 'ec2:RevokeSecurityGroupIngress'. */
  readonly action: string
  readonly requestId: string | undefined
  /** True when the change may have happened although the answer was not seen (reset, timeout, 5xx). */
  readonly inDoubt: boolean
  /** Who was denied, as far as it is known: ARN. */
  readonly principal: string | undefined
  /** Where the resource is, when the service says so: S3 of a bucket that was asked for elsewhere. */
  readonly region: string | undefined

  constructor(
    facts: {
      kind: AwsErrorKind
      code: string
      action: string
      inDoubt?: boolean
      requestId?: string | undefined
      principal?: string | undefined
      region?: string | undefined
    },
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
    this.name = 'AwsError'
    this.kind = facts.kind
    this.code = facts.code
    this.action = facts.action
    this.requestId = facts.requestId
    this.inDoubt = facts.inDoubt ?? false
    this.principal = facts.principal
    this.region = facts.region
  }
}

/** Whether an error says that the resource does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof AwsError && error.kind === 'gone'
}
