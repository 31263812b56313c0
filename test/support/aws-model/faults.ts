import { AwsError } from '../../../src/playbook/aws-error.ts'
import type { Fields } from './failure.ts'
import { failure } from './failure.ts'

/** A call as the model saw it, in the order in which the calls came. */
export interface RecordedCall {
  service: string
  operation: string
  /** 'ec2:RevokeSecurityGroupIngress' */
  action: string
  input: Fields
  dryRun: boolean
  account: string
  region: string
  /** ARN of the caller. */
  principal: string
  /** Attempts that the caller asked for. */
  attempts: number | undefined
  /** ms since 1970 of the model's clock. */
  at: number
  /** Code of the error that was answered. */
  error?: string
}

/**
 * What goes wrong with a call:
 * - `throttle`, `deny`: refused without effect
 * - `reset`: the connection breaks before the effect; the caller cannot know
 * - `loseAnswer`: the effect happens, the connection breaks before the answer
 * - `loseAnswerThenRetry`: the same, and the SDK sends it again and passes on that answer
 * - `lie`: an answer as for success, without any effect
 * - an error code: that error, without effect
 */
export type FaultKind =
  | 'throttle'
  | 'deny'
  | 'reset'
  | 'loseAnswer'
  | 'loseAnswerThenRetry'
  | 'lie'
  | { code: string }

export interface Fault {
  /** IAM action, 'ec2:RevokeSecurityGroupIngress'. */
  on: string
  /** Which call of this action, counted from 1 since the fault was set; without it all of them. */
  nth?: number
  /** Only dry runs, or only real calls; without it both. */
  dryRun?: boolean
  kind?: FaultKind
  /** ms of the model's clock that the call takes. */
  delayMs?: number
  /** Before the effect: to change the state in between, or to throw in order to kill the caller. */
  before?: (call: RecordedCall) => void | Promise<void>
  /** After the effect and before the answer. */
  after?: (call: RecordedCall) => void | Promise<void>
  /** Changes the answer on its way. */
  answer?: (answer: Fields, call: RecordedCall) => Fields
}

export class Faults {
  readonly #faults: { fault: Fault; count: number }[] = []

  add(fault: Fault): void {
    this.#faults.push({ fault, count: 0 })
  }

  clear(): void {
    this.#faults.length = 0
  }

  /** The faults that this call meets; counts it. */
  meeting(call: RecordedCall): Fault[] {
    return this.#faults
      .filter(({ fault }) => fault.on === call.action && (fault.dryRun ?? call.dryRun) === call.dryRun)
      .filter((counted) => {
        counted.count += 1
        return counted.fault.nth === undefined || counted.fault.nth === counted.count
      })
      .map(({ fault }) => fault)
  }
}

/** The error of a fault without effect; undefined for the kinds that have one. */
export function refusal(kind: FaultKind | undefined, call: RecordedCall): AwsError | undefined {
  if (kind === 'throttle')
    return failure(call.action, call.service === 'ec2' ? 'RequestLimitExceeded' : 'ThrottlingException')
  if (kind === 'deny') {
    const { action, principal } = call
    const code = call.service === 'ec2' ? 'UnauthorizedOperation' : 'AccessDeniedException'
    return new AwsError(
      { kind: 'denied', code, action, principal },
      `User: ${principal} is not authorized to perform: ${action}`,
    )
  }
  if (kind === 'reset') return lost(call)
  return typeof kind === 'object' ? failure(call.action, kind.code) : undefined
}

export function lost({ action }: RecordedCall): AwsError {
  return new AwsError({ kind: 'retryable', code: 'ECONNRESET', action, inDoubt: true }, 'socket hang up')
}
