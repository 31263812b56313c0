import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { roomOf, shareOf } from '../../src/store/dynamodb/rails/token-shares.ts'

const SHARDS = 64
const shares = (limit: number) => Array.from({ length: SHARDS }, (_, shard) => shareOf(shard, limit))
const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, each) => all + each, 0)
const limits = fc.integer({ min: 1, max: 5000 })

test('the shares of a limit make it up, and none is larger under a lower one', () => {
  fc.assert(
    fc.property(limits, limits, (one, other) => {
      expect(sum(shares(one))).toBe(one)
      const [low, high] = one < other ? [one, other] : [other, one]
      const higher = shares(high)
      expect(shares(low).every((share, shard) => share <= higher[shard]!)).toBe(true)
    }),
  )
})

test('up to 25 are one item, and a hundred are four', () => {
  expect([1, 25, 26, 100, 1600, 1601].map((limit) => shares(limit).filter(Boolean).length)).toEqual([
    1, 1, 2, 4, 64, 64,
  ])
})

test('there is room exactly when fewer than the limit count, and filled up it makes the limit', () => {
  const counted = fc.dictionary(fc.nat(5).map(String), fc.integer({ min: 1, max: 40 }))
  fc.assert(
    fc.property(counted, fc.integer({ min: 1, max: 120 }), (record, limit) => {
      const there = new Map(Object.entries(record).map(([shard, many]) => [Number(shard), many]))
      const rooms = roomOf(there, limit)
      expect(rooms.length > 0).toBe(sum(there.values()) < limit)
      const filled = new Map(there)
      for (const { shard, most } of rooms) filled.set(shard, most)
      expect(rooms.length === 0 || sum(filled.values()) === limit).toBe(true)
    }),
  )
})

/** Somebody who reads the shards one after the other, and puts a token in later. */
interface Taker {
  read: Map<number, number>
  next: number
}

// 1 is a step of some taker, 0 the end of some token that was there before the limit was lowered.
const steps = fc.array(fc.record({ take: fc.boolean(), who: fc.nat(5), where: fc.nat(3) }), {
  minLength: 50,
  maxLength: 300,
})

test('after the limit was lowered, takers that overtake each other never make it one more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 1, max: 80 }),
      steps,
      (before, limit, order) => {
        const old = [...before]
        const taken = [0, 0, 0, 0]
        const count = (shard: number) => (old[shard] ?? 0) + (taken[shard] ?? 0)
        const total = () => sum(old) + sum(taken)
        const takers = new Map<number, Taker>()
        for (const { take, who, where } of order) {
          if (!take) old[where] = Math.max(0, (old[where] ?? 0) - 1)
          else {
            const taker = takers.get(who) ?? { read: new Map(), next: 0 }
            takers.set(who, taker)
            if (taker.next < 4) {
              taker.read.set(taker.next, count(taker.next))
              taker.next += 1
            } else {
              const rooms = roomOf(taker.read, limit)
              const room = rooms[where % Math.max(1, rooms.length)]
              takers.delete(who)
              if (room && count(room.shard) < room.most) {
                taken[room.shard] = (taken[room.shard] ?? 0) + 1
                expect(total()).toBeLessThanOrEqual(limit)
              }
            }
          }
        }
      },
    ),
    { numRuns: 150 },
  )
})
