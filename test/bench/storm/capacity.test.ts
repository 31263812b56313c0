import { describe, expect, test } from '@jest/globals'
import {
  entryOf,
  type Item,
  indexUnits,
  itemSize,
  readUnits,
  storedBytes,
  writeUnits,
} from '../../../bench/storm/capacity.ts'

const LISTING = { hash: 'listed', range: 'place' }
const run: Item = { PK: { S: 'RUN#1' }, SK: { S: 'RUN' }, listed: { S: 'open' }, place: { S: '1' } }
const closed: Item = { ...run, listed: { S: 'closed' } }
const large = (bytes: number): Item => ({ B: { B: new Uint8Array(bytes - 1) } })

describe('what DynamoDB charges', () => {
  test('an item is as large as its names and values', () => {
    expect(itemSize(undefined)).toBe(0)
    expect(itemSize({ PK: { S: 'ä' } })).toBe(2 + 2)
    expect(itemSize({ n: { N: '12345' } })).toBe(1 + 4)
    expect(itemSize({ b: { BOOL: true }, z: { NULL: true } })).toBe(4)
    expect(itemSize({ s: { SS: ['ab', 'c'] } })).toBe(1 + 3)
    expect(itemSize({ l: { L: [{ S: 'ab' }, { S: 'c' }] } })).toBe(1 + 3 + 2 + 3)
    expect(itemSize({ m: { M: { ab: { S: 'c' } } } })).toBe(1 + 3 + 1 + 3)
  })

  test('a write costs a unit for each kilobyte of what was there or is there, and twice that in a transaction', () => {
    expect(writeUnits(undefined, large(1024), false)).toBe(1)
    expect(writeUnits(undefined, large(1025), false)).toBe(2)
    expect(writeUnits(large(3000), large(10), true)).toBe(6)
    expect(writeUnits(undefined, undefined, true)).toBe(2)
  })

  test('an index costs one unit for an entry that comes or goes, two for one that moves, and none else', () => {
    expect(indexUnits(undefined, run, LISTING)).toBe(1)
    expect(indexUnits(run, closed, LISTING)).toBe(2)
    expect(indexUnits(run, { ...run, body: { S: 'more' } }, LISTING)).toBe(0)
    expect(indexUnits(run, { PK: run.PK!, SK: run.SK! }, LISTING)).toBe(1)
    expect(indexUnits({ PK: run.PK! }, { PK: run.PK! }, LISTING)).toBe(0)
  })

  test('a read costs a unit for each 4 kB, half of it where it may lag behind, and twice in a transaction', () => {
    expect(readUnits(4096, 'strong')).toBe(1)
    expect(readUnits(4097, 'strong')).toBe(2)
    expect(readUnits(0, 'eventual')).toBe(0.5)
    expect(readUnits(10, 'transactional')).toBe(2)
  })

  test('what is stored takes 100 bytes more in the table, and in each index that has it', () => {
    const entry = itemSize(entryOf(run, LISTING))
    expect(storedBytes(run, [LISTING, { hash: 'dueShard', range: 'duePlace' }])).toBe(
      itemSize(run) + 100 + entry + 100,
    )
  })
})
