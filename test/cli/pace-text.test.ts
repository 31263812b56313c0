import { expect, test } from '@jest/globals'
import { type Pace, paceText } from '../../src/cli/terminal/pace-text.ts'

test.each<[Pace, string]>([
  [{ done: 0, ms: 0 }, '0'],
  [{ done: 40, all: 1000, ms: 100 }, '40 of about 1000'],
  [{ done: 3120, all: 10_000, ms: 7600 }, '3120 of about 10000, 411 a second, 17 s left'],
  [{ done: 3120, ms: 7600 }, '3120, 411 a second'],
  [{ done: 10_000, all: 9_999.6, ms: 10_000 }, '10000, 1000 a second'],
  [{ done: 5, all: 100, ms: 60_000 }, '5 of about 100, 5 a minute, 19 min left'],
  [{ done: 100, all: 1_000_000, ms: 1_000_000 }, '100 of about 1000000, 6 a minute, 2777 h 30 min left'],
])('%j is told as %p', (pace, text) => {
  expect(paceText(pace)).toBe(text)
})
