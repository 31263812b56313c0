import type { Clock } from '../../engine/clock.ts'

/** This machine's time, for work that waits for nobody: a wait is over at once, and the clock has moved on by it. */
export function virtualClock(): Clock {
  let ahead = 0
  const now = () => Date.now() + ahead
  return {
    now,
    async sleep(ms, signal) {
      const end = now() + ms
      // Whoever waits beside it gets on first.
      await new Promise((resolve) => setImmediate(resolve))
      if (!signal?.aborted) ahead += Math.max(0, end - now())
    },
  }
}
