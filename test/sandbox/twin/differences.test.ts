import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../../../src/playbook/json.ts'
import { differences, fieldsOf, unorderedDifferences } from '../../../src/sandbox/twin/differences.ts'

describe('differences', () => {
  test('names each field in which two values are not the same, with both', () => {
    const expected = { before: { rules: [{ port: 22 }, { port: 80 }], name: 'web' }, tags: { a: '1' } }
    const twin = { before: { rules: [{ port: 22 }, { port: 81 }, { port: 1 }], name: 'web' }, tags: {} }
    expect(differences(expected, twin)).toEqual([
      { field: 'before.rules[1].port', expected: 80, twin: 81 },
      { field: 'before.rules[2]', twin: { port: 1 } },
      { field: 'tags.a', expected: '1' },
    ])
  })

  test('are none between a value and itself, and some between any two that are not the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(differences(value, structuredClone(value))).toEqual([])),
    )
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const isSame = JSON.stringify(sorted(one as Json)) === JSON.stringify(sorted(other as Json))
        expect(differences({ one }, { one: other }).length > 0).toBe(!isSame)
      }),
    )
  })

  test('tell null and what is not there apart', () => {
    expect(differences({ a: null }, {})).toEqual([{ field: 'a', expected: null }])
  })

  test('of lists without order are what they have not in common, at any depth', () => {
    const rules = [{ port: 22, from: ['a', 'b'] }, { port: 80 }, { port: 80 }]
    expect(unorderedDifferences({ rules }, { rules: rules.toReversed() })).toEqual([])
    const other = [{ port: 80 }, { port: 22, from: ['b', 'c', 'a'] }]
    expect(unorderedDifferences({ rules }, { rules: other })).toEqual([
      { field: 'rules[0].from[0]', twin: 'c' },
      { field: 'rules[1]', expected: { port: 80 } },
    ])
    expect(differences({ rules }, { rules: rules.toReversed() })).not.toEqual([])
  })

  test('without order are none between a list and any order of it', () => {
    const shuffled = fc
      .array(fc.jsonValue(), { maxLength: 6 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
    fc.assert(fc.property(shuffled, ([list, other]) => expect(unorderedDifferences(list, other)).toEqual([])))
  })

  test('cut long values, and say so', () => {
    const [found] = differences({ policy: 'x'.repeat(1000) }, { policy: '' })
    expect(String(found?.expected)).toMatch(/^"x{299}…$/)
  })

  test('are the same field wherever it stands in a list', () => {
    const found = differences([{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 3 }])
    expect(fieldsOf(found)).toEqual(['[].a'])
  })
})

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [key, sorted(inner)])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
