import { describe, expect, test } from '@jest/globals'
import { columns } from '../../src/reports/columns.ts'
import { colours, visible } from '../../src/reports/paint.ts'

describe('text from outside', () => {
  test.each([
    ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
    ['a line break', 'a\nb', 'a\\u{a}b'],
    ['a bidirectional override', 'a\u202eb', 'a\\u{202e}b'],
    ['an invisible space', 'a\u200bb', 'a\\u{200b}b'],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(visible(text)).toBe(shown)
  })

  test('is otherwise as it was written', () => {
    expect(visible('Büro (ssh) → web, 東京')).toBe('Büro (ssh) → web, 東京')
  })
})

test('columns line up by what is seen, not by the colour around it', () => {
  expect(
    columns([
      [colours.gone('ab'), 'x'],
      ['abc', 'y'],
    ]),
  ).toEqual([`${colours.gone('ab')}   x`, 'abc  y'])
})
