import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { wildcard } from '../../../src/playbook/matchers.ts'
import { textReadings } from '../../../src/policy/compare/text-readings.ts'

const verdicts = (patterns: string[], text: string) =>
  patterns.map((pattern) => wildcard(pattern, text)).join()

const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 5 })
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

describe('the texts by which patterns are tried', () => {
  test('stand for every text: whichever patterns it matches, one of them matches just these', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), text, (patterns, any) => {
        const tried = textReadings(patterns)!.map((each) => verdicts(patterns, each))
        expect(tried).toContain(verdicts(patterns, any))
      }),
      { numRuns: 500 },
    )
  })

  test('are one for each way, and the empty one is first', () => {
    const patterns = ['prod-*', '*-bastion', 'prod-1-bastion']
    const tried = textReadings(patterns)!
    expect(tried[0]).toBe('')
    expect(new Set(tried.map((each) => verdicts(patterns, each))).size).toBe(tried.length)
    expect(tried).toHaveLength(5)
  })

  test('of a thousand names are found at once', () => {
    const names = Array.from({ length: 1000 }, (_, n) => `bastion-${n}`)
    expect(textReadings(names)).toHaveLength(1001)
  })

  test('are none where it would take too long: who asks has to go without', () => {
    const names = Array.from({ length: 40 }, (_, n) => `*${n}a${n}b${n}*`)
    expect(textReadings(names)).toBeUndefined()
  })
})
