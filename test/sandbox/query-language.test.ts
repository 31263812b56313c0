import { describe, expect, test } from '@jest/globals'
import { answerOf } from '../../src/sandbox/overlay/insights/query-answer.ts'
import { queryIn, UnknownQuery } from '../../src/sandbox/overlay/insights/query-language.ts'

describe('the little of Logs Insights that the sandbox knows', () => {
  test.each([
    ['another command', 'fields @timestamp'],
    ['two groups', 'stats count(*) as n by port, protocol'],
    ['a function of no family', 'filter isIpv4(a)'],
    ['another pattern', 'parse @message "[*] *" as a, b'],
    ['fewer stars than fields', 'parse @message "*" as a, b'],
    ['another function', 'filter isIpInSubnet(a, "10.0.0.0/8")'],
    ['an expression', 'filter a + 1 = 2'],
    ['a regular expression', 'filter a like /x/'],
    ['no end', 'filter (a = 1'],
    ['an aggregate without a name', 'stats count(*)'],
    ['another aggregate', 'stats avg(a) as b'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(() => queryIn(text)).toThrow(UnknownQuery)
  })

  test('counts by a field, a row for each of its values and none where there is nothing', () => {
    const counted = (...lines: string[]) =>
      answerOf(queryIn('parse @message "* *" as a, b | stats count(*) as n, sum(b) as all by a'), lines).rows
    expect(counted('x 1', 'y 2', 'x 3', 'x -')).toEqual([
      { a: 'x', n: '3', all: '4' },
      { a: 'y', n: '1', all: '2' },
    ])
    expect(counted()).toEqual([])
  })

  test('tells addresses of one family from those of the other, and from what is none', () => {
    const kept = (condition: string) =>
      answerOf(queryIn(`parse @message "*" as a | filter ${condition}`), [
        '10.0.0.1',
        'fd00::1',
        '-',
      ]).rows.map(({ a }) => a)
    expect(kept('isValidIpV4(a)')).toEqual(['10.0.0.1'])
    expect(kept('isValidIpV6(a)')).toEqual(['fd00::1'])
    expect(kept('not isIpv4InSubnet(a, "10.0.0.0/8")')).toEqual(['fd00::1', '-'])
  })

  test('takes numbers for numbers, and text for text', () => {
    const kept = (condition: string) =>
      answerOf(queryIn(`parse @message "* *" as a, b | filter ${condition}`), [
        '9 x',
        '10 y',
        '- z',
      ]).rows.map(({ a }) => a)
    expect(kept('a >= 9')).toEqual(['9', '10'])
    expect(kept('a < 10')).toEqual(['9'])
    expect(kept('b = "y"')).toEqual(['10'])
    expect(kept('not a in ["9", "10"]')).toEqual(['-'])
    expect(kept('a = 9 or a = 10 and b = "x"')).toEqual(['9'])
  })
})
