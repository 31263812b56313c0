import type { Clock, Ids } from '../../src/engine/clock.ts'

/**
 * A clock that stands still between calls. A sleep ends at once and moves the time to its end; sleeps that run
 * side by side end at the same time, as they would in life.
 */
export class SimulatedClock implements Clock {
  #now: number

  constructor(start = '2026-11-22T12:00:00.000Z') {
    this.#now = Date.parse(start)
  }

  now(): number {
    return this.#now
  }

  iso(): string {
    return new Date(this.#now).toISOString()
  }

  advance(ms: number): void {
    this.#now += ms
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.#now + ms
    await new Promise((resolve) => setImmediate(resolve))
    if (!signal?.aborted) this.#now = Math.max(this.#now, end)
  }
}

/** ULIDs that count: 01TEST00000000000000000001 ... They sort in the order in which they were made. */
export function countingIds(prefix = '01TEST'): Ids {
  let count = 0
  return {
    next() {
      count += 1
      return prefix + String(count).padStart(26 - prefix.length, '0')
    },
  }
}
