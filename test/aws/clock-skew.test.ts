import { expect, test } from '@jest/globals'
import { skewTeller, skewText } from '../../src/aws/attempts/clock-skew.ts'

test('a clock that is off is told with how much, in which direction, and what to do', () => {
  expect(skewText(20 * 60_000)).toMatch(
    /clock of this machine is 20 min behind AWS's.*timedatectl set-ntp true/,
  )
  expect(skewText(-4 * 60_000)).toMatch(/4 min ahead of AWS's/)
})

test('a clock that is off by seconds is good enough, as one that was not seen is', () => {
  for (const offset of [0, 59_000, -59_000, Number.NaN]) expect(skewText(offset)).toBeUndefined()
})

test('it is told once, however many clients see it', () => {
  const told: string[] = []
  const tell = skewTeller((message) => void told.push(message))
  tell(0)
  tell(240_000)
  tell(241_000)
  tell(-600_000)
  expect(told).toHaveLength(1)
})
