import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import type { TimeBox } from '../../src/run/store.ts'
import { holdersOf, timeBoxesIn } from '../../src/store/dynamodb/items.ts'
import { bucketOf } from '../../src/store/dynamodb/keys.ts'
import { MOST_HOLDERS } from '../../src/store/time-boxes.ts'
import { aHold, NOW, SET } from './example-commits.ts'

/** As many digits of chance as an id has, the same each time. */
const noise = (seed: string, digits: number) =>
  createHash('sha512').update(seed).digest('hex').slice(0, digits)
const DETECTOR = 'arn:aws:guardduty:eu-central-1:123456789012:detector/12abc34d567e8fa901bc2d34e56789f0'

/** One of those who hold an entry, with ids as long as real ones. */
const holder = (entry: string, n: number): TimeBox => ({
  resource: SET,
  entry,
  key: `${SET}#${DETECTOR}/finding/${noise(`${entry} ${n}`, 32)}`,
  run: `01KAXX${noise(`run ${entry} ${n}`, 20).toUpperCase()}`,
  until: NOW + n * 12_345,
  madeBy: `01KAXX${noise(`maker ${entry}`, 20).toUpperCase()}`,
})

test('the fullest bucket of a full set fits into an item, with as many holders for each entry as are told apart', () => {
  const entries = Array.from(
    { length: 10_000 },
    (_, n) => `2a0b:f4c2:${noise(`${n}`, 4)}:${n.toString(16)}::/128`,
  )
  const buckets = [...Map.groupBy(entries, bucketOf).values()].sort((a, b) => b.length - a.length)
  const timeBoxes = buckets[0]!.flatMap((entry) =>
    Array.from({ length: MOST_HOLDERS + 1 }, (_, n) => holder(entry, n)),
  )
  const holders = holdersOf(SET, timeBoxes)
  expect(holders.B?.byteLength).toBeLessThan(380_000)
  expect(timeBoxesIn(SET, holders)).toEqual(timeBoxes)
})

test('holds come back as they were, whatever their key', () => {
  const timeBoxes = ['*', SET, `${SET}#finding`, `${SET}x`, 'run-1'].map((key) => ({
    ...aHold('one', 'run-1', NOW),
    key,
  }))
  expect(timeBoxesIn(SET, holdersOf(SET, timeBoxes))).toEqual(timeBoxes)
})

test('holds that were stored before there were keys have their run for one', () => {
  const { key: _, ...old } = { ...aHold('one', 'run-1', NOW, 'run-0'), notBefore: NOW + 5 }
  expect(timeBoxesIn(SET, { S: JSON.stringify([old]) })).toEqual([{ ...old, key: 'run-1' }])
})
