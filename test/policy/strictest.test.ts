import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DEFAULT_APPROVAL } from '../../src/policy/approvers.ts'
import { strictest } from '../../src/policy/decide.ts'
import type { Ruling } from '../../src/policy/rules.ts'

const ORDER = ['blocked', 'exempted', 'undecided', 'off', 'notify', 'rehearse', 'approve', 'auto'] as const

const ruling = (mode: Ruling['mode'], more: Partial<Ruling> = {}): Ruling => ({
  mode,
  reason: 'test',
  parameters: {},
  approval: { ...DEFAULT_APPROVAL },
  ...more,
})

describe('the strictest of several rulings', () => {
  test('is one of them and never more permissive than any', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ORDER), { minLength: 1 }), (modes) => {
        const rulings = modes.map((mode) => ruling(mode))
        const chosen = strictest(rulings)
        expect(rulings).toContain(chosen)
        for (const mode of modes) expect(ORDER.indexOf(chosen.mode)).toBeLessThanOrEqual(ORDER.indexOf(mode))
      }),
    )
  })

  test('is the first among equals', () => {
    const [first, second] = [ruling('auto', { reason: 'first' }), ruling('auto', { reason: 'second' })]
    expect(strictest([first, second]).reason).toBe('first')
  })

  test('asks those who are named rather than anybody, and more people rather than fewer', () => {
    const anybody = ruling('approve')
    const two = ruling('approve', { approval: { ...DEFAULT_APPROVAL, quorum: 2 } })
    const named = ruling('approve', { approval: { ...DEFAULT_APPROVAL, approvers: ['S0ONCALL'] } })
    expect(strictest([anybody, two])).toBe(two)
    expect(strictest([anybody, two, named])).toBe(named)
    expect(strictest([named, two, anybody])).toBe(named)
  })
})
