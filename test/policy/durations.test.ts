import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BadDuration, durationMs, parseDuration } from '../../src/policy/written-durations.ts'

describe('a duration', () => {
  test.each([
    ['30m', 'PT30M', 1_800_000],
    ['24h', 'PT24H', 86_400_000],
    ['7d', 'P7D', 604_800_000],
    ['PT4H', 'PT4H', 14_400_000],
    ['P1DT2H3M4S', 'P1DT2H3M4S', 93_784_000],
    ['P2W', 'P2W', 1_209_600_000],
    ['P3650D', 'P3650D', 315_360_000_000],
  ])('%s is kept as %s', (text, iso, ms) => {
    expect(parseDuration(text)).toBe(iso)
    expect(durationMs(iso)).toBe(ms)
  })

  test.each([
    '',
    '24',
    'h',
    '-3h',
    '1.5h',
    '1e3d',
    '24H',
    'P',
    'PT',
    'P1DT',
    'PT0.5H',
    'pt4h',
    ' 4h',
    'PT4H\n',
    'tomorrow',
  ])('%j is refused with what to write instead', (text) => {
    expect(() => parseDuration(text)).toThrow(BadDuration)
    expect(() => parseDuration(text)).toThrow(/write 30m, 24h, 7d or ISO 8601/)
  })

  test.each(['P1M', 'P1Y', 'P1Y2M3DT4H'])(
    '%s is refused, because months and years differ in length',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/months or years, which differ in length/)
    },
  )

  test.each(['P3651D', '99999999999999999999d'])('%s is longer than anybody means', (text) => {
    expect(() => parseDuration(text)).toThrow(/longer than ten years/)
  })

  test('comes out the same when it is read again, and lasts as long as written', () => {
    const unit = fc.constantFrom(
      ['m', 60_000] as const,
      ['h', 3_600_000] as const,
      ['d', 86_400_000] as const,
    )
    fc.assert(
      fc.property(fc.nat(3_650), unit, (count, [letter, ms]) => {
        const iso = parseDuration(`${count}${letter}`)
        expect(parseDuration(iso)).toBe(iso)
        expect(durationMs(iso)).toBe(count * ms)
      }),
    )
  })

  test('of text that is not ISO 8601 has no milliseconds', () => {
    expect(() => durationMs('soon')).toThrow(BadDuration)
  })
})
