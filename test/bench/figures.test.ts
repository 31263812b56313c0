import { describe, expect, test } from '@jest/globals'
import { median, percentile, spread } from '../../bench/figures.ts'

describe('figures', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)

  test('percentiles are samples, by nearest rank, whatever the order', () => {
    expect(percentile(hundred, 50)).toBe(50)
    expect(percentile(hundred, 99)).toBe(99)
    expect(percentile([3], 99)).toBe(3)
    expect(median([5, 1, 3])).toBe(3)
  })

  test('a spread counts its samples and averages them', () => {
    expect(spread([1, 2, 6])).toEqual({ n: 3, p50: 2, p99: 6, mean: 3 })
  })
})
