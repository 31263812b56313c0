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
  const next = monotonicFactory(randomNumbers())
  return { next: () => next() }
}

/**
 * From 0 up to 1, of random bytes that are drawn many at a time: the library draws each of the 16 of an id by a call of its
 * own, which makes an id take 48 µs and not 2.
 */
function randomNumbers(): () => number {
  const bytes = new Uint8Array(1024)
  let used = bytes.length
  return () => {
    if (used === bytes.length) {
      crypto.getRandomValues(bytes)
      used = 0
    }
    return bytes[used++]! / 256
  }
}
