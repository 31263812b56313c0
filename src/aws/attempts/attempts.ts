import { AwsError } from '../../playbook/aws-error.ts'
import type { ErrorCodes } from '../../playbook/service/service.ts'
import { meaningOf } from '../errors.ts'
import type { Ending, Turns } from './turns.ts'

/** The part of an SDK command that is used here. */
export interface Command {
  middlewareStack: {
    addRelativeTo(
      middleware: (next: Next) => Next,
      options: { name: string; relation: 'after'; toMiddleware: 'retryMiddleware' },
    ): void
  }
}
type Next = (argument: unknown) => Promise<unknown>

/** What became of the attempts at one call so far. */
export interface Attempts {
  /**
   * What each of them threw. The SDK only passes on the last, and when that says "duplicate" or "not found" the first
   * may have been the one that succeeded.
   */
  failures: unknown[]
  /** When the first was sent, as `performance.now()`. */
  startedAt?: number
}

/**
 * Lets each attempt at a call wait for its turn: inside the SDK's retries, so that a call that pauses takes up no room,
 * and before it is signed, because a signature is good for five minutes.
 * @param codes what the service's own codes mean
 * @param startBy no attempt starts after it, however long it has waited
 */
export function inTurn(
  command: Command,
  {
    turns,
    to,
    action,
    codes,
    startBy,
  }: {
    turns: Turns
    to: string
    action: string
    codes: ErrorCodes | undefined
    startBy: AbortSignal | undefined
  },
): Attempts {
  const attempts: Attempts = { failures: [] }
  const waiting = (again: boolean) =>
    turns.take(to, { again, ...(startBy && { signal: startBy }) }).catch((cause: unknown) => {
      throw neverSent(action, cause)
    })
  const attempt = (next: Next) => async (argument: unknown) => {
    const turn = await waiting(attempts.failures.length > 0)
    attempts.startedAt ??= performance.now()
    try {
      const answer = await next(argument)
      turn.end('answered')
      return answer
    } catch (error) {
      attempts.failures.push(error)
      turn.end(endingOf(error, codes))
      throw error
    }
  }
  command.middlewareStack.addRelativeTo(attempt, {
    name: 'turns',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  })
  return attempts
}

/** The error of a call that was given up before any of it went out. */
export function neverSent(action: string, cause: unknown): AwsError {
  const facts = { kind: 'retryable', code: 'AbortError', action } as const
  return new AwsError(facts, 'stopped before it was sent', { cause })
}

function endingOf(error: unknown, codes: ErrorCodes | undefined): Ending {
  const { kind } = meaningOf(error, codes)
  if (kind === 'throttled') return 'throttled'
  return kind === 'retryable' ? 'lost' : 'answered'
}
