/** Arithmetic on samples. Empty lists are a mistake of the caller. */

export interface Spread {
  n: number
  p50: number
  p99: number
  mean: number
}

export function spread(samples: readonly number[]): Spread {
  const sum = samples.reduce((total, sample) => total + sample, 0)
  return {
    n: samples.length,
    p50: percentile(samples, 50),
    p99: percentile(samples, 99),
    mean: sum / samples.length,
  }
}

/** Nearest rank. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

export const median = (samples: readonly number[]): number => percentile(samples, 50)
