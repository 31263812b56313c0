import { StandardRetryStrategy } from '@smithy/core/retry'
import type { ErrorCodes } from '../../playbook/service/service.ts'
import { meaningOf } from '../errors.ts'
import { signedAtAnotherTime } from './clock-skew.ts'

/** As the SDK does it: full jitter, doubled each time, at most this (ms). */
const LONGEST_MS = 20_000
/** The SDK's base for a throttled call is 1 s; the first repetition of one comes sooner (ms), the pace holds it back. */
const FIRST_AFTER_THROTTLE_MS = 25
const THROTTLED_BASE_MS = 1_000

type Token = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[0]
type ErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1]

/**
 * The SDK's standard retries, but the error decides whether a call is sent again, and not the clock: with a clock four
 * minutes off the SDK takes every answer for a passing one, and sends each refusal and each dry run as often as it may.
 */
export class Retries extends StandardRetryStrategy {
  readonly #codes: ErrorCodes | undefined

  /** @param codes what the service's own codes mean */
  constructor(maxAttempts: number, codes?: ErrorCodes) {
    super({ maxAttempts, backoff: new Backoff() })
    this.#codes = codes
  }

  override async refreshRetryTokenForRetry(token: Token, info: ErrorInfo) {
    if (isRefusal(info.error, token.getRetryCount(), this.#codes)) throw new Error('refused: not sent again')
    return super.refreshRetryTokenForRetry(token, info)
  }
}

/** Whether the service has decided. A signature of the wrong time is worth one more, which the SDK signs anew. */
function isRefusal(error: unknown, retries: number, codes: ErrorCodes | undefined): boolean {
  if (signedAtAnotherTime(error)) return retries > 0
  const { kind, inDoubt } = meaningOf(error, codes)
  return !inDoubt && kind !== 'retryable' && kind !== 'throttled'
}

class Backoff {
  #base = 0

  setDelayBase(ms: number): void {
    this.#base = ms
  }

  /** @param retries how often the call has been sent again */
  computeNextBackoffDelay(retries: number): number {
    const throttled = this.#base >= THROTTLED_BASE_MS
    const most =
      throttled && retries === 0
        ? FIRST_AFTER_THROTTLE_MS
        : this.#base * 2 ** (throttled ? retries - 1 : retries)
    return Math.floor(Math.random() * Math.min(most, LONGEST_MS))
  }
}
