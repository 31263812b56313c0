import { StandardRetryStrategy } from '@smithy/core/retry'
import type { ErrorCodes } from '../../playbook/service/service.ts'
import { meaningOf } from '../errors.ts'
import { signedAtAnotherTime } from './clock-skew.ts'

/** As the SDK does it: full jitter, doubled each time, at most this (ms). */
const LONGEST_MS = 20_000
/** The SDK's base for a throttled call is 1 s; the first repetition of one comes sooner (ms), the pace holds it back. */
const FIRST_AFTER_THROTTLE_MS = 25
const THROTTLED_BASE_MS = 1_000
/** What a `Retry-After` may add (ms). */
const MOST_ASKED_MS = 5_000

type Token = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[0]
type ErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1]

/**
 * The SDK's standard retries, but the error decides whether a call is sent again, and not the clock: with a clock four
 * minutes off the SDK takes every answer for a passing one, and sends each refusal and each dry run as often as it may.
 *
 * And a throttled call costs nothing of the SDK's quota, which has a hundred repetitions for all calls of a client: where more
 * are under way and the service's own bucket is empty it would give up all others at once. How fast they are sent again says
 * the pace.
 */
export class Retries extends StandardRetryStrategy {
  readonly #most: number
  readonly #codes: ErrorCodes | undefined

  /** @param codes what the service's own codes mean */
  constructor(maxAttempts: number, codes?: ErrorCodes) {
    super(maxAttempts)
    this.#most = maxAttempts
    this.#codes = codes
  }

  override async refreshRetryTokenForRetry(token: Token, info: ErrorInfo): Promise<Token> {
    if (isRefusal(info.error, token.getRetryCount(), this.#codes)) throw new Error('refused: not sent again')
    return info.errorType === 'THROTTLING'
      ? this.#afterThrottle(token, info)
      : super.refreshRetryTokenForRetry(token, info)
  }

  #afterThrottle(token: Token, { retryAfterHint }: ErrorInfo): Token {
    const retries = token.getRetryCount()
    if (retries + 1 >= this.#most) throw new Error('throttled each time')
    const most = retries === 0 ? FIRST_AFTER_THROTTLE_MS : THROTTLED_BASE_MS * 2 ** (retries - 1)
    const jitter = Math.floor(Math.random() * Math.min(most, LONGEST_MS))
    // As far as the SDK itself goes by what the service asks for.
    const asked = retryAfterHint ? retryAfterHint.getTime() - Date.now() : 0
    const delay = Math.max(jitter, Math.min(asked, jitter + MOST_ASKED_MS))
    return {
      getRetryCount: () => retries + 1,
      getRetryDelay: () => delay,
      // What it has cost before is given back once it succeeds.
      getRetryCost: () => token.getRetryCost(),
    }
  }
}

/** Whether the service has decided. A signature of the wrong time is worth one more, which the SDK signs anew. */
function isRefusal(error: unknown, retries: number, codes: ErrorCodes | undefined): boolean {
  if (signedAtAnotherTime(error)) return retries > 0
  const { kind, inDoubt } = meaningOf(error, codes)
  return !inDoubt && kind !== 'retryable' && kind !== 'throttled'
}
