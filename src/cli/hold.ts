import { BadRequest } from '../engine/ports.ts'
import type { Invocation } from './program/invocation.ts'

/** `--hold`: how long what was taken back is left alone, an ISO 8601 duration; 24 hours. Throws `BadRequest`. */
export async function holdOf({ shared }: Invocation): Promise<string> {
  const { BadDuration, parseDuration } = await import('../policy/written-durations.ts')
  try {
    return parseDuration(shared.hold ?? '24h')
  } catch (error) {
    throw error instanceof BadDuration
      ? new BadRequest('usage', `--hold: ${error.message}`, { cause: error })
      : error
  }
}
