import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decide } from '../../src/policy/decide.ts'
import { covers } from '../../src/policy/rule-reach.ts'
import type { Policy, Subject } from '../../src/policy/rules.ts'
import { asLoaded, NOW, policy, subject } from './arbitrary-policies.ts'

describe('patterns for own names and those for ids', () => {
  test.each([
    ['name:web-*', 'name:web-1', true],
    ['name:*', 'name: web-1 ', true],
    ['sg-*', 'sg-0a', true],
    ['*a', 'name:*a', false],
    ['*', 'name:web-1', false],
    ['name:*', 'web-1', false],
    ['name:web', 'name:web-1', false],
  ])('%s covers %s: %s', (wide, narrow, is) => {
    expect(covers({ resource: [wide] }, { resource: [narrow] })).toBe(is)
  })
})

test('a rule that an earlier one covers never decides', () => {
  const matches = (rules: Policy['rules'], of: Subject) => {
    const none = { addresses: [], resources: [], roles: [], accounts: [] }
    const only = { ...EMPTY, never: none, rules }
    return decide(asLoaded(only), of, NOW).by?.kind === 'rule'
  }
  let covered = 0
  fc.assert(
    fc.property(policy, subject, ({ rules }, of) => {
      for (const narrow of rules) {
        for (const wide of rules) {
          if (wide === narrow || !covers(wide.when, narrow.when)) continue
          covered++
          if (matches([narrow], of)) expect(matches([wide], of)).toBe(true)
        }
      }
    }),
    { numRuns: 500 },
  )
  expect(covered).toBeGreaterThan(500)
})

test('a pattern that covers another one means all that this means', () => {
  const texts = fc.array(fc.constantFrom('*', '1', 'web-', 'sg-0', 'a'), { minLength: 1, maxLength: 3 })
  const pattern = fc
    .record({ isName: fc.boolean(), texts })
    .map(({ isName, texts }) => `${isName ? 'name:' : ''}${texts.join('')}`)
  const matches = (one: string, of: Subject) => {
    const rule = { when: { resource: [one] }, mode: 'auto', line: 1, text: '', parameters: {}, approval: {} }
    return (
      decide(asLoaded({ ...EMPTY, rules: [rule as Policy['rules'][number]] }), of, NOW).by?.kind === 'rule'
    )
  }
  let covered = 0
  fc.assert(
    fc.property(pattern, pattern, subject, (wide, narrow, of) => {
      if (!covers({ resource: [wide] }, { resource: [narrow] })) return
      covered++
      if (matches(narrow, of)) expect(matches(wide, of)).toBe(true)
    }),
    { numRuns: 10_000 },
  )
  expect(covered).toBeGreaterThan(100)
})

const EMPTY: Policy = {
  version: 1,
  rules: [],
  exemptions: [],
  freezes: [],
  limits: {},
  never: { addresses: [], resources: [], roles: [], accounts: [] },
  configRules: [],
  tell: [],
}
