/** How long something took, over all that were timed. */
export interface Durations {
  count: number
  /** ms: half of them took no longer; null where there is none. */
  p50: number | null
  /** ms: 19 of 20 took no longer. */
  p95: number | null
}

/** Keeps durations as numbers, eight bytes each, and tells their quantiles exactly. */
export class DurationTally {
  #taken = new Float64Array(16)
  #count = 0

  /** @param ms not negative */
  add(ms: number): void {
    if (this.#count === this.#taken.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#taken)
      this.#taken = larger
    }
    this.#taken[this.#count++] = ms
  }

  /** The smallest of them that so large a part does not exceed (nearest rank). */
  result(): Durations {
    const sorted = this.#taken.slice(0, this.#count).sort()
    const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? null
    return { count: this.#count, p50: at(0.5), p95: at(0.95) }
  }
}
