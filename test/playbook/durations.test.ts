import { describe, expect, test } from '@jest/globals'
import { durationParameter } from '../../src/playbook/duration/duration-parameter.ts'
import { durationSeconds, isoDuration } from '../../src/playbook/duration/durations.ts'

describe('durations', () => {
  test.each([
    ['90s', 'PT90S', 90],
    ['30m', 'PT30M', 1_800],
    ['24h', 'PT24H', 86_400],
    ['7d', 'P7D', 604_800],
    ['2w', 'P2W', 1_209_600],
    ['PT24H', 'PT24H', 86_400],
    ['P1DT2H3M4S', 'P1DT2H3M4S', 93_784],
  ])('%s is %s, %i seconds', (text, iso, seconds) => {
    expect(isoDuration(text)).toBe(iso)
    expect(durationSeconds(text)).toBe(seconds)
  })

  test.each(['', '24', 'P', 'PT', 'P1DT', 'P1M', 'P1Y', '-PT1H', '1.5h', '24 h', 'soon'])(
    '%j is none',
    (text) => {
      expect(isoDuration(text)).toBeUndefined()
      expect(durationSeconds(text)).toBeNaN()
    },
  )

  test('a parameter comes out as ISO 8601 and is longer than nothing', () => {
    expect(durationParameter.parse('24h')).toBe('PT24H')
    expect(durationParameter.safeParse('0h').success).toBe(false)
    expect(durationParameter.safeParse('24').success).toBe(false)
  })
})
