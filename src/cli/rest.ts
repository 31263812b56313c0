import { BadRequest } from '../engine/refusals.ts'
import { BadDuration, parseDuration } from '../policy/written-durations.ts'
import type { Invocation } from './program/invocation.ts'

/**
 * `--rest`: how long what was taken back is left alone, an ISO 8601 duration; 24 hours. `--hold` is its name of before.
 * Throws `BadRequest`.
 */
export function restOf({ shared }: Invocation): string {
  try {
    return parseDuration(shared.rest ?? shared.hold ?? '24h')
  } catch (error) {
    const option = shared.rest === undefined ? '--hold' : '--rest'
    throw error instanceof BadDuration
      ? new BadRequest('usage', `${option}: ${error.message}`, { cause: error })
      : error
  }
}
