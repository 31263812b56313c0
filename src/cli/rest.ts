import { BadRequest } from '../engine/refusals.ts'
import type { Invocation } from './program/invocation.ts'

/**
 * `--rest`: how long what was taken back is left alone, an ISO 8601 duration; 24 hours. `--hold` is its name of before.
 * Throws `BadRequest`.
 */
export async function restOf({ shared }: Invocation): Promise<string> {
  const { BadDuration, parseDuration } = await import('../policy/written-durations.ts')
  try {
    return parseDuration(shared.rest ?? shared.hold ?? '24h')
  } catch (error) {
    const option = shared.rest === undefined ? '--hold' : '--rest'
    throw error instanceof BadDuration
      ? new BadRequest('usage', `${option}: ${error.message}`, { cause: error })
      : error
  }
}
