import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { code, costOf, cutAt, escaped, shortened } from '../../../src/approvals/card/escape.ts'
import { hostileText } from '../../support/arbitrary-runs.ts'
import { markupIn } from '../../support/slack-markup.ts'

describe('text from outside', () => {
  test.each([
    ['a mention of everybody', '<!channel>', '&lt;!channel&gt;'],
    ['a mention of a user', 'a <@U0EVIL> b', 'a &lt;@\u2060U0EVIL&gt; b'],
    ['an entity', '&lt;', '&amp;lt;'],
    ['bold', '*x*', '∗x∗'],
    ['italics', '_x_', 'ˍxˍ'],
    ['a name with underscores', 'my_big_bucket', 'my_big_bucket'],
    ['strike', '~x~', '∼x∼'],
    ['code', '`x`', 'ˋxˋ'],
    ['a domain', 'evil.example', 'evil.\u2060example'],
    ['an address range', '0.0.0.0/0', '0.0.0.0/0'],
    ['a link', 'https://1.2.3.4/x', 'https:/\u2060/1.2.3.4/x'],
    ['a group call', '@here', '@\u2060here'],
    ['an emoji', ':fire:', ':\u2060fire:'],
    ['an emoji that our own colon would end', 'a :fire', 'a :\u2060fire'],
    ['a quotation', '> x', '\u2060&gt; x'],
    ['a line break', 'a\n*b', 'a\\u{a}∗b'],
  ])('%s stays what it was written as', (_, text, shown) => {
    expect(escaped(text)).toBe(shown)
  })

  test('makes nothing in Slack, alone, in a sentence or as code', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(
          [escaped(text), `plan ${escaped(text)}: ok`, `plan ${code(text)} ok`].flatMap(markupIn),
        ).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('is cut where it is too long as Slack counts it, and never in the middle of a character', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 4, max: 200 }), (text, most) => {
        for (const cut of [cutAt(text, most), shortened(text, most)]) {
          expect(costOf(cut)).toBeLessThanOrEqual(most)
          expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed())
          expect(cut.includes('…') || text.length <= most).toBe(true)
        }
      }),
    )
  })

  test('keeps both ends where its middle is left out', () => {
    expect(shortened('abcdefghij', 5)).toBe('ab…ij')
    expect(cutAt('abcdefghij', 5)).toBe('abcd…')
    expect(cutAt('a&b', 5)).toBe('a…')
  })
})
