import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sameJson } from '../../src/playbook/json.ts'
import { type Plan, planHash } from '../../src/playbook/plan.ts'
import type { Step } from '../../src/playbook/step.ts'

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
const anyStep = {
  id: text,
  summary: text,
  call,
  undo: fc.oneof(fc.array(call, { maxLength: 2 }), fc.record({ irreversible: text })),
  together: fc.boolean(),
  permissions: fc.array(fc.record({ action: text, resource: text }), { maxLength: 2 }),
}
const requiredKeys = ['kind', 'id', 'summary', 'call', 'undo', 'permissions'] as const
const of = <K extends string, M>(kind: K, more: M) =>
  fc.record(
    { kind: fc.constant(kind), ...anyStep, ...more },
    { noNullPrototype: true, requiredKeys: [...requiredKeys, ...Object.keys(more as object)] as never },
  )
/** The kinds whose own part is hashed; a command is found by its mark, which is no part of what is approved. */
const steps = { call: of('call', {}), subset: of('subset', { subset: text }), merge: of('merge', { merge }) }
const step = fc.oneof(...Object.values(steps)) as fc.Arbitrary<Step>
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
    merge: one.kind === 'merge' ? one.merge : undefined,
    subset: one.kind === 'subset' ? one.subset : undefined,
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

  test.each([
    ['call', step],
    ['together', step],
    ['merge', steps.merge],
    ['subset', steps.subset],
  ] as [string, fc.Arbitrary<Step>][])('changes with the hashed part of a step: %s', (part, kind) => {
    const partOf = (one: Step) => (one as unknown as Record<string, unknown>)[part]
    fc.assert(
      fc.property(plan, kind, kind, (one, first, second) => {
        const [a, b] = [first, { ...first, [part]: partOf(second) } as Step]
        const same = sameJson(partOf(a), partOf(b))
        expect(planHash({ ...one, steps: [a] }) === planHash({ ...one, steps: [b] })).toBe(same)
      }),
    )
  })

  test('does not change with prose, permissions, impact or warnings', () => {
    fc.assert(
      fc.property(plan, plan, step, (one, other, prose) => {
        const { id, summary, permissions } = prose
        const steps = one.steps.map((each) => ({ ...each, id, summary, permissions }))
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
