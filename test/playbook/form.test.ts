import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { wildcard } from '../../src/playbook/matchers.ts'
import { couldMatch, type Form, formOf } from '../../src/playbook/resource/form.ts'

const hex = (count: number) => ({ letters: /[0-9a-f]/, least: count, most: count })

test.each<[string, Form, boolean]>([
  ['', [], true],
  ['a', ['a'], true],
  ['*', ['sg-', hex(17)], true],
  ['sg-0*', ['sg-', hex(17)], true],
  ['sg-*g', ['sg-', hex(17)], false],
  ['*web*', ['sg-', hex(8)], false],
  ['*bad*', ['sg-', hex(8)], true],
  ['sg-0123456789', ['sg-', hex(8)], false],
  ['s*-*0', ['sg-', hex(8)], true],
  ['*1*2*3*4*5*6*7*8*9*', ['sg-', hex(8)], false],
  ['*1*2*3*4*5*6*7*8*', ['sg-', hex(8)], true],
  ['ab', [{ letters: /[ab]/, least: 0, most: 1 }], false],
  ['a*b', ['a'], false],
])('%j could match a text of %j: %s', (pattern, form, could) => {
  expect(couldMatch(pattern, form)).toBe(could)
})

const pattern = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 6 }).map((parts) => parts.join(''))

test('what a pattern matches, the form of that text could be', () => {
  const run = { letters: /[ab]/, least: 1, most: 4 }
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[ab]{1,4}$/), (wanted, text) => {
      if (wildcard(wanted, text)) expect(couldMatch(wanted, [run])).toBe(true)
    }),
  )
})

test('a pattern could match a form just where one of its texts is matched', () => {
  const texts = ['a', 'b'].flatMap((first) => [first, ...['a', 'b'].map((second) => first + second)])
  fc.assert(
    fc.property(pattern, (wanted) => {
      const could = couldMatch(wanted, [{ letters: /[ab]/, least: 1, most: 2 }])
      expect(could).toBe(texts.some((text) => wildcard(wanted, text)))
    }),
  )
})

test('two patterns overlap in both directions or in none', () => {
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      expect(couldMatch(one, formOf(other))).toBe(couldMatch(other, formOf(one)))
    }),
  )
})
