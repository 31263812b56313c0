import { afterEach, expect, jest, test } from '@jest/globals'
import { isValid } from 'ulid'
import { ulids } from '../../src/engine/system.ts'

afterEach(() => {
  jest.restoreAllMocks()
})

test('ids sort in the order in which they were made, also within a millisecond', () => {
  jest.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000)
  const ids = ulids()
  const made = Array.from({ length: 300 }, () => ids.next())
  expect(made.toSorted()).toEqual(made)
  expect(new Set(made).size).toBe(300)
})

test('ids of other times have nothing random in common, however many are made', () => {
  let now = 1_800_000_000_000
  jest.spyOn(Date, 'now').mockImplementation(() => ++now)
  const ids = [ulids(), ulids()]
  const made = ids.flatMap((each) => Array.from({ length: 300 }, () => each.next()))
  expect(made.filter((id) => !isValid(id))).toEqual([])
  expect(new Set(made.map((id) => id.slice(10))).size).toBe(600)
  // Each letter comes up: about 9600 / 32 times.
  const letters = new Map<string, number>()
  for (const letter of made.map((id) => id.slice(10)).join(''))
    letters.set(letter, (letters.get(letter) ?? 0) + 1)
  expect([...letters.values()].every((count) => count > 150)).toBe(true)
  expect(letters.size).toBe(32)
})
