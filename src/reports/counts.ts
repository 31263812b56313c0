/** Lists are as long as somebody reads; what is counted is all of it. */
export const MOST_LISTED = 50

/** To one place behind the point. */
export const tenths = (number: number): number => Math.round(number * 10) / 10

/** How often what has been counted. */
export class Counts {
  private readonly counts = new Map<string, number>()

  /** @returns how often by now */
  add(...parts: string[]): number {
    const count = this.of(...parts) + 1
    this.counts.set(JSON.stringify(parts), count)
    return count
  }

  of(...parts: string[]): number {
    return this.counts.get(JSON.stringify(parts)) ?? 0
  }

  /** Most first; of equally many the first that came. */
  list<T>(as: (parts: string[], count: number) => T, most = MOST_LISTED): T[] {
    return [...this.counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([key, count]) => as(JSON.parse(key) as string[], count))
  }
}
