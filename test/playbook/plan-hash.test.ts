import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sameJson } from '../../src/playbook/json.ts'
import { type Plan, planHash, type Step } from '../../src/playbook/plan.ts'

const text = fc.stringMatching(/^[a-z]{1,8}$/)
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Plan['before']>
const merge = fc.record({
  field: text,
  add: fc.array(text, { maxLength: 3 }),
  remove: fc.array(text, { maxLength: 3 }),
  read: fc.record({
    operation: text,
    input: fc.constant({}),
    set: text,
    token: text,
    keep: fc.dictionary(text, text, { maxKeys: 2 }),
  }),
  compare: fc.constantFrom('cidr' as const, 'text' as const),
  expiresAfter: fc.constantFrom('PT24H', 'PT1H'),
})
const call = fc.record({
  service: fc.constantFrom('ec2' as const, 'wafv2' as const),
  operation: text,
  input: fc.dictionary(text, json, { maxKeys: 3 }),
})
const step: fc.Arbitrary<Step> = fc.record(
  {
    id: text,
    summary: text,
    call,
    merge,
    subset: text,
    undo: fc.oneof(fc.array(call, { maxLength: 2 }), fc.record({ irreversible: text })),
    retry: fc.constantFrom('safe' as const, 'readFirst' as const),
    together: fc.boolean(),
    permissions: fc.array(fc.record({ action: text, resource: text }), { maxLength: 2 }),
  },
  { requiredKeys: ['id', 'summary', 'call', 'undo', 'retry', 'permissions'] },
)
const impact = fc.record({
  summary: text,
  affected: fc.array(fc.record({ type: text, id: text }), { maxLength: 2 }),
  count: fc.nat(),
})

/** What a person approves; a word about it, and what it means to others, is not part of it. */
const hashed = {
  playbook: text,
  resource: text,
  account: text,
  region: text,
  before: json,
  after: json,
  steps: fc.array(step, { maxLength: 3 }),
}
const plan = fc.record({ ...hashed, impact, warnings: fc.array(text, { maxLength: 2 }) })

/** Undefined members and the reason why something cannot be undone are not part of it. */
const hashedSteps = (steps: readonly Step[]) =>
  steps.map((one) => ({
    call: one.call,
    merge: one.merge,
    subset: one.subset,
    undo: Array.isArray(one.undo) ? one.undo : 'irreversible',
    together: one.together,
  }))

describe('the hash of a plan', () => {
  test.each(Object.keys(hashed) as (keyof typeof hashed)[])('changes if and only if %s does', (field) => {
    const of = (one: Omit<Plan, 'hash'>) => (field === 'steps' ? hashedSteps(one.steps) : one[field])
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        const changed = { ...one, [field]: other[field] }
        expect(planHash(changed) !== planHash(one)).toBe(!sameJson(of(changed), of(one)))
      }),
    )
  })

  test('changes with each hashed part of a step', () => {
    const parts = ['call', 'merge', 'subset', 'together'] as const
    fc.assert(
      fc.property(plan, step, step, fc.constantFrom(...parts), (one, first, second, part) => {
        const [a, b] = [first, { ...first, [part]: second[part] }]
        const same = sameJson(a[part], b[part])
        expect(planHash({ ...one, steps: [a] }) === planHash({ ...one, steps: [b] })).toBe(same)
      }),
    )
  })

  test('does not change with prose, permissions, retries, impact or warnings', () => {
    fc.assert(
      fc.property(plan, plan, step, (one, other, prose) => {
        const { id, summary, retry, permissions } = prose
        const steps = one.steps.map((each) => ({ ...each, id, summary, retry, permissions }))
        const { impact: others, warnings } = other
        expect(planHash({ ...one, steps, impact: others, warnings })).toBe(planHash(one))
      }),
    )
  })

  test('changes with the order of the steps, not with the order of keys', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const backwards = Object.fromEntries(Object.entries(one).reverse()) as typeof one
        expect(planHash(backwards)).toBe(planHash(one))
        const reversed = { ...one, steps: one.steps.toReversed() }
        const same = sameJson(hashedSteps(reversed.steps), hashedSteps(one.steps))
        expect(planHash(reversed) === planHash(one)).toBe(same)
      }),
    )
  })

  test('is the same after storage', () => {
    fc.assert(
      fc.property(plan, (one) => {
        expect(planHash(JSON.parse(JSON.stringify(one)))).toBe(planHash(one))
      }),
    )
  })

  test('is sha256 in hex', () => {
    fc.assert(fc.property(plan, (one) => expect(planHash(one)).toMatch(/^sha256:[0-9a-f]{64}$/)))
  })
})
