import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decide, parametersFor, STRICTNESS } from '../../src/policy/decide.ts'
import type { Policy } from '../../src/policy/rules.ts'
import {
  asLoaded,
  exemption,
  hidden,
  NOW,
  neverLists,
  policy,
  subject,
  without,
} from './arbitrary-policies.ts'
import { linearDecide } from './linear-decide.ts'

const RUNS = { numRuns: 1_000 }

const rank = (mode: (typeof STRICTNESS)[number]) => STRICTNESS.indexOf(mode)

/** Read or not. */
const seen = fc
  .tuple(subject, fc.option(hidden, { nil: [] }))
  .map(([given, unread]) => without(given, unread))

describe('for any policy and any finding', () => {
  test('what decides is what decides when rule after rule is asked', () => {
    fc.assert(
      fc.property(policy, seen, (given, about) => {
        const { mode, reason, unread } = decide(asLoaded(given), about, NOW)
        const expected = linearDecide(given, about, NOW)
        expect(mode).toBe(expected.mode)
        const rule = /^rule (\d+) /.exec(reason)?.[1]
        expect(rule === undefined ? undefined : Number(rule) - 1).toBe(expected.rule)
        expect((unread ?? []).length > 0).toBe(mode === 'undecided')
      }),
      RUNS,
    )
  })

  test('what was not read never makes it act where what is there would not', () => {
    fc.assert(
      fc.property(policy, subject, hidden, (given, about, unread) => {
        const { mode, reason } = decide(asLoaded(given), without(about, unread), NOW)
        if (mode === 'undecided') return
        const known = decide(asLoaded(given), about, NOW)
        // What is exempt already may be forbidden as well.
        if (mode === 'exempted') expect(['exempted', 'blocked']).toContain(known.mode)
        else expect([mode, reason]).toEqual([known.mode, known.reason])
      }),
      RUNS,
    )
  })

  test('its parameters before a look are among those that it may have', () => {
    fc.assert(
      fc.property(policy, subject, hidden, (given, about, unread) => {
        const { mode, parameters } = decide(asLoaded(given), about, NOW)
        if (['undecided', 'exempted', 'blocked'].includes(mode)) return
        expect(parametersFor(asLoaded(given), without(about, unread))).toContainEqual(parameters)
      }),
      RUNS,
    )
  })

  const addition = fc.oneof(
    exemption.map((each) => (given: Policy): Policy => {
      return { ...given, exemptions: [each, ...given.exemptions] }
    }),
    neverLists.map((more) => (given: Policy): Policy => {
      const { never } = given
      return {
        ...given,
        never: {
          ...never,
          resources: [...never.resources, ...more.resources],
          accounts: [...never.accounts, ...more.accounts],
        },
      }
    }),
    fc.constant((given: Policy): Policy => {
      const windows = [{ days: [1 as const], from: 0, to: 600 }]
      return { ...given, freezes: [{ kind: 'weekly', name: 'f', windows, zone: 'UTC', line: 1 }] }
    }),
  )

  test('an exemption, a freeze or an entry of never more never permits more', () => {
    fc.assert(
      fc.property(policy, seen, addition, (given, about, add) => {
        const before = decide(asLoaded(given), about, NOW)
        const after = decide(asLoaded(add(given)), about, NOW)
        expect(rank(after.mode)).toBeLessThanOrEqual(rank(before.mode))
      }),
      RUNS,
    )
  })
})
