import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Json } from '../../src/playbook/json.ts'
import { difference, valueText } from '../../src/reports/run/difference.ts'

const lines = (before: Json, after: Json) =>
  difference(before, after).map(({ sign, text }) => `${sign} ${text}`)

const ssh = { id: 'sgr-1', protocol: 'tcp', from: 22, to: 22, source: '0.0.0.0/0' }
const office = { ...ssh, id: 'sgr-2', source: '10.0.0.0/8' }

describe('the difference between before and after', () => {
  test('names each rule that goes, and none that stays', () => {
    expect(lines({ rules: [ssh, office] }, { rules: [office] })).toEqual([
      '- rules: id sgr-1, protocol tcp, port 22, source 0.0.0.0/0',
    ])
  })

  test('names each address that comes', () => {
    expect(lines({ addresses: [] }, { addresses: ['192.0.2.1/32'], expiresAfter: 'PT24H' })).toEqual([
      '+ addresses: 192.0.2.1/32',
      '+ expiresAfter: PT24H',
    ])
  })

  test('shows both sides of a value that changes', () => {
    expect(lines({ public: true }, { public: false })).toEqual(['- public: true', '+ public: false'])
  })

  test('says nothing of what only decided the plan', () => {
    expect(lines({ missing: 3, pendingReboot: 0 }, { missing: 0 })).toEqual(['- missing: 3', '+ missing: 0'])
  })

  test('of equal states is empty', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(difference(value as Json, structuredClone(value) as Json)).toEqual([])
      }),
    )
  })

  test('of any two states has lines without line breaks and control characters', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        for (const { text } of difference(before as Json, after as Json)) expect(text).not.toMatch(/\p{Cc}/u)
      }),
    )
  })
})

describe('a value on one line', () => {
  test.each<[Json, string]>([
    [{ from: 0, to: 65535 }, 'ports 0-65535'],
    [{ protocol: '-1', from: -1, to: -1 }, 'protocol -1, every port'],
    [{ description: 'temporary, ticket 1' }, 'description "temporary, ticket 1"'],
    [{ tags: { a: 'b' }, none: null, empty: {} }, 'tags {a b}'],
    [['a', 1, true], '[a, 1, true]'],
  ])('%j is %s', (value, text) => {
    expect(valueText(value)).toBe(text)
  })
})
