import { AwsError } from '../playbook/aws-error.ts'
import type { ErrorCodes } from '../playbook/service/service.ts'
import { CREDENTIALS_CODES, codeOfStatus, isKnown, kindOf, UNREACHABLE_CODES } from './error-codes.ts'

/** The credentials are missing, wrong or expired: nothing can be done until somebody sees to them. Kind `final`. */
export class CredentialsProblem extends AwsError {
  override readonly name = 'CredentialsProblem'
}

/** The endpoint cannot be reached, or no region says where it is. Kind `retryable`; nothing was sent. */
export class EndpointProblem extends AwsError {
  override readonly name = 'EndpointProblem'
}

/** Whether nobody can be asked any more: the credentials have run out, or AWS cannot be reached. It is about no single call. */
export function isOutOfReach(error: unknown): error is CredentialsProblem | EndpointProblem {
  return error instanceof CredentialsProblem || error instanceof EndpointProblem
}

/** What the SDK and Node hang on to an error. */
interface Thrown {
  name?: string
  code?: string
  Code?: string
  /** S3, in the body of a redirect. */
  Region?: string
  syscall?: string
  message?: string
  $metadata?: { httpStatusCode?: number; requestId?: string }
  $response?: { statusCode?: number; headers?: Record<string, string> }
}

/**
 * Names an error by what it means to a run.
 *
 * @param error what the SDK threw
 * @param action IAM action of the call, 'ec2:RevokeSecurityGroupIngress'
 * @param earlier what the SDK's own earlier attempts at the same call threw: the answer to a retry says nothing
 *   about an attempt whose answer was lost, so the call stays in doubt
 * @param codes what the service's own codes mean
 */
export function nameAwsError(
  error: unknown,
  action: string,
  earlier: readonly unknown[] = [],
  codes?: ErrorCodes,
): AwsError {
  const named = nameOne(error, action, codes)
  if (named.inDoubt || !earlier.some((attempt) => nameOne(attempt, action, codes).inDoubt)) return named
  return knownMore(named, { inDoubt: true })
}

const meanings = new WeakMap<object, Pick<AwsError, 'kind' | 'inDoubt'>>()

/**
 * What an error of one attempt means, whatever the call: asked for by all who see it on its way up, and found out once. An
 * error has a trace of where it was made, which costs more than all else about it.
 */
export function meaningOf(error: unknown, codes: ErrorCodes | undefined): Pick<AwsError, 'kind' | 'inDoubt'> {
  const known = typeof error === 'object' && error !== null ? meanings.get(error) : undefined
  if (known) return known
  const { kind, inDoubt } = nameOne(error, '', codes)
  if (typeof error === 'object' && error !== null) meanings.set(error, { kind, inDoubt })
  return { kind, inDoubt }
}

/** The same error, of which more is known than whoever made it knew: who was denied, whether the call may have taken effect. */
export function knownMore(error: AwsError, more: Partial<Pick<AwsError, 'inDoubt' | 'principal'>>): AwsError {
  const Same = error.constructor as typeof AwsError
  const { kind, code, action, requestId, principal, region, inDoubt, message, cause } = error
  return new Same({ kind, code, action, requestId, principal, region, inDoubt, ...more }, message, { cause })
}

function nameOne(error: unknown, action: string, codes: ErrorCodes | undefined): AwsError {
  if (error instanceof AwsError) return error
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : { message: String(error) }
  const status = thrown.$metadata?.httpStatusCode ?? thrown.$response?.statusCode
  const region = thrown.Region ?? thrown.$response?.headers?.['x-amz-bucket-region']
  const bare = bareStatus(thrown, status)
  const code = bare === undefined ? codeOf(thrown) : codeOfStatus(bare, action)
  const message = bare === undefined ? messageOf(thrown, code) : bareMessage(action, bare, region)
  const facts = { action, requestId: thrown.$metadata?.requestId, region }
  const because = { cause: error }

  if (CREDENTIALS_CODES.has(code) || /validate the provided access credentials/.test(message)) {
    return new CredentialsProblem({ ...facts, kind: 'final', code }, message, because)
  }
  if (message === 'Region is missing') {
    const advice = 'no region: name one with --region or AWS_REGION'
    return new EndpointProblem({ ...facts, kind: 'retryable', code: 'RegionMissing' }, advice, because)
  }
  if (
    UNREACHABLE_CODES.has(code) ||
    thrown.syscall === 'connect' ||
    /did not establish a connection/.test(message)
  ) {
    return new EndpointProblem({ ...facts, kind: 'retryable', code }, message, because)
  }
  if (unimplemented(thrown, status)) {
    const missing = `the endpoint does not implement ${action} (status ${status})`
    // A 500 page may also be a crash after the work was done.
    return new AwsError(
      { ...facts, kind: 'final', code: 'NotImplemented', inDoubt: status === 500 },
      missing,
      because,
    )
  }
  // The SDK could not even write the request.
  if (code === 'TypeError' && !thrown.$metadata)
    return new AwsError({ ...facts, kind: 'final', code }, message, because)
  if (isKnown(code, codes) || answered(thrown, code)) {
    const kind = kindOf(code, action, status, codes)
    const denied = kind === 'denied' ? denial(message) : {}
    return new AwsError({ ...facts, kind, code, inDoubt: kind === 'retryable', ...denied }, message, because)
  }
  // Reset, timeout, abort, an answer that cannot be read: the request may have arrived.
  return new AwsError({ ...facts, kind: 'retryable', code, inDoubt: true }, message, because)
}

/** The SDK says UnknownError where the service gave a code but no text. */
function messageOf({ message }: Thrown, code: string): string {
  return message && message !== 'UnknownError' ? message : code
}

/** An answer that is only a status: S3 sends no body to a HEAD, and none with some redirects and refusals. */
function bareStatus({ Code, name, message }: Thrown, status: number | undefined): number | undefined {
  // 404 has a name of its own; one that came with a text was given by the service.
  const nameless = NAMELESS.has(name) || (name === 'NotFound' && NAMELESS.has(message))
  return status !== undefined && status >= 300 && Code === undefined && nameless ? status : undefined
}

/** What the SDK calls an answer that says nothing. */
const NAMELESS: ReadonlySet<string | undefined> = new Set(['Unknown', 'UnknownError'])

function bareMessage(action: string, status: number, region: string | undefined): string {
  const elsewhere = region && status < 400 ? `; the bucket is in ${region}: ask there` : ''
  return `${action} was answered with status ${status} and no reason${elsewhere}`
}

/** The service's code; the system's where there was no answer (a reset has both: name TimeoutError, code ECONNRESET). */
function codeOf(thrown: Thrown): string {
  return thrown.Code ?? thrown.code ?? (thrown.name && thrown.name !== 'Error' ? thrown.name : 'UnknownError')
}

/** A page for people instead of an answer: emulators do so for what they do not know. A gateway's 502-504 is not that. */
function unimplemented(thrown: Thrown, status: number | undefined): boolean {
  if (status === 501) return true
  const html = thrown.$response?.headers?.['content-type']?.startsWith('text/html') ?? false
  return html && status !== undefined && status >= 400 && (status < 502 || status > 504)
}

/** An error that the service named; an answer that could not be parsed has a status but no code. */
function answered(thrown: Thrown, code: string): boolean {
  return thrown.$metadata?.httpStatusCode !== undefined && code !== 'SyntaxError' && code !== 'UnknownError'
}

/** Who was denied what, where the message says so; another action than the call's may be missing (ec2:CreateTags). */
function denial(message: string): { principal?: string; action?: string } {
  const principal = /User: (arn:\S+) is not authorized/.exec(message)?.[1]
  const action = /not authorized to perform: ([\w-]+:\w+)/.exec(message)?.[1]
  return { ...(principal && { principal }), ...(action && { action }) }
}
