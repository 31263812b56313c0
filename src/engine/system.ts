import { setTimeout as wait } from 'node:timers/promises'
import { monotonicFactory } from 'ulid'
import type { Clock, Ids } from './clock.ts'

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(ms, undefined, signal && { signal })
    } catch (error) {
      // An aborted sleep is a short one.
      if (!signal?.aborted) throw error
    }
  },
}

/** ULIDs that sort in the order in which they were made, also within one millisecond. */
export function ulids(): Ids {
  const next = monotonicFactory()
  return { next: () => next() }
}
