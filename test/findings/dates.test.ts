import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isoTime } from '../../src/findings/dates.ts'

test.each([
  ['2026-03-04T09:15:22.417Z', '2026-03-04T09:15:22.417Z'],
  ['2026-03-04T09:15:22Z', '2026-03-04T09:15:22.000Z'],
  ['2026-03-04T09:15:22.417123456Z', '2026-03-04T09:15:22.417Z'],
  ['2026-03-04T04:15:22.417000-05:00', '2026-03-04T09:15:22.417Z'],
  ['2026-03-04T04:15:22-0500', '2026-03-04T09:15:22.000Z'],
  ['2026-03-04 09:15:22.417', '2026-03-04T09:15:22.417Z'],
  ['2026-03-04', '2026-03-04T00:00:00.000Z'],
  ['Wed Sep 04 16:59:44.356 UTC 2024', '2024-09-04T16:59:44.356Z'],
  ['Mar 20, 2023, 6:08:05 PM', '2023-03-20T18:08:05.000Z'],
  ['Jul 30, 2024 9:53:13 PM', '2024-07-30T21:53:13.000Z'],
  ['Fri, 27 May 2016 06:00:00 GMT', '2016-05-27T06:00:00.000Z'],
  ['1772615691006', '2026-03-04T09:14:51.006Z'],
  [1772615691.006, '2026-03-04T09:14:51.006Z'],
  [1772615691006, '2026-03-04T09:14:51.006Z'],
])('%p is %s', (written, iso) => {
  expect(isoTime(written)).toBe(iso)
})

test.each([
  'yesterday',
  '',
  'rule 5',
  'May 5',
  '2026-13-45T99:00:00Z',
  '+12026-03-04T09:15:22Z',
  null,
  {},
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  1e300,
])('%p is not a date', (written) => {
  expect(isoTime(written)).toBeUndefined()
})

test('any instant of four-digit years is read back from its ISO text and from its milliseconds', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(1e11), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      (date) => {
        expect(isoTime(date.toISOString())).toBe(date.toISOString())
        expect(isoTime(date.getTime())).toBe(date.toISOString())
      },
    ),
  )
})
