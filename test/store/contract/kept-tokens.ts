import { describe, expect, test } from '@jest/globals'
import { FAR_OFF as NOW } from '../example-commits.ts'
import { store } from './store-under-test.ts'

const HOUR = 3_600_000
const SCOPE = 'changes account:111122223333'
const keysOf = async (scope = SCOPE, now = NOW) =>
  (await store.tokens(scope, now)).map(({ key }) => key).sort()
const take = (key: string, limit: number, more: { scope?: string; now?: number; until?: number } = {}) => {
  const { scope = SCOPE, now = NOW, until = now + HOUR } = more
  return store.takeToken(scope, { key, until }, limit, now)
}
const TAKEN = { taken: true }
const names = (many: number, of = 'run') => Array.from({ length: many }, (_, n) => `${of}-${n}`)
const takeAll = (keys: string[], limit: number) =>
  Promise.all(keys.map((key) => take(key, limit))).then((all) => all.filter(({ taken }) => taken).length)

/** Of tokens: never one more than the limit, and none refused while there is room. */
export function keepsTokens(): void {
  describe('tokens', () => {
    test('are taken up to the limit; who is refused learns when the first of them ends', async () => {
      expect(await take('one', 2, { until: NOW + 7 })).toEqual(TAKEN)
      expect(await take('two', 2, { until: NOW + 5 })).toEqual(TAKEN)
      expect(await take('three', 2)).toEqual({ taken: false, freeAt: NOW + 5 })
      expect((await store.tokens(SCOPE, NOW)).sort((a, b) => a.until - b.until)).toEqual([
        { key: 'two', until: NOW + 5 },
        { key: 'one', until: NOW + 7 },
      ])
    })

    test('of another scope are others', async () => {
      await take('one', 1)
      expect(await take('two', 1, { scope: `${SCOPE}#2` })).toEqual(TAKEN)
      expect(await keysOf()).toEqual(['one'])
      expect(await keysOf('never used')).toEqual([])
    })

    test('count until they end, and not at that moment', async () => {
      await take('one', 1, { until: NOW + 5 })
      expect(await take('two', 1, { now: NOW + 4 })).toEqual({ taken: false, freeAt: NOW + 5 })
      expect(await keysOf(SCOPE, NOW + 5)).toEqual([])
      expect(await take('two', 1, { now: NOW + 5 })).toEqual(TAKEN)
      expect(await keysOf(SCOPE, NOW + 5)).toEqual(['two'])
    })

    test('are had by who has them already, whatever the limit is by now, until the later end', async () => {
      await take('one', 2, { until: NOW + 5 })
      await take('two', 2)
      expect(await take('one', 1, { until: NOW + 9 })).toEqual(TAKEN)
      expect(await take('one', 1, { until: NOW + 7 })).toEqual(TAKEN)
      expect(await store.tokens(SCOPE, NOW)).toContainEqual({ key: 'one', until: NOW + 9 })
      expect(await keysOf()).toEqual(['one', 'two'])
    })

    test('that have ended are no longer had', async () => {
      await take('one', 1, { until: NOW + 5 })
      await take('two', 1, { now: NOW + 5 })
      expect(await take('one', 1, { now: NOW + 6 })).toMatchObject({ taken: false })
      expect(await take('one', 2, { now: NOW + 6 })).toEqual(TAKEN)
    })

    test('that are dropped make room; those that are not there are dropped all the same', async () => {
      await takeAll(['one', 'two'], 2)
      await store.dropToken(SCOPE, 'one')
      await store.dropToken(SCOPE, 'one')
      await store.dropToken('never used', 'one')
      expect(await keysOf()).toEqual(['two'])
      expect(await take('three', 2)).toEqual(TAKEN)
      expect(await take('four', 2)).toMatchObject({ taken: false })
    })

    test('are cleared for one scope', async () => {
      await takeAll(names(27), 27)
      await take('other', 1, { scope: 'other' })
      await store.clearTokens(SCOPE)
      await store.clearTokens('never used')
      expect(await keysOf()).toEqual([])
      expect(await take('one', 1)).toEqual(TAKEN)
      expect(await keysOf('other')).toEqual(['other'])
    })

    test.each([1, 5, 27])('of a limit of %i are so many, for all who ask at once', async (limit) => {
      expect(await takeAll(names(limit + 9), limit)).toBe(limit)
      expect(await keysOf()).toHaveLength(limit)
      const had = new Set(await keysOf())
      const key = names(limit + 9).find((each) => !had.has(each))!
      expect(await take(key, limit)).toEqual({ taken: false, freeAt: NOW + HOUR })
      await store.dropToken(SCOPE, [...had][0]!)
      expect(await take(key, limit)).toEqual(TAKEN)
      expect(await take('late', limit)).toMatchObject({ taken: false })
    })

    test('of one key are one, for all who ask at once', async () => {
      const answers = await Promise.all(names(9).map((_, n) => take('same', 30, { until: NOW + HOUR + n })))
      expect(answers).toEqual(answers.map(() => TAKEN))
      expect(await store.tokens(SCOPE, NOW)).toEqual([{ key: 'same', until: NOW + HOUR + 8 }])
    })

    test('that were taken under a lower limit count under a higher one', async () => {
      expect(await takeAll(names(3), 3)).toBe(3)
      expect(await takeAll(names(30, 'more'), 27)).toBe(24)
      expect(await keysOf()).toHaveLength(27)
    })

    test('that were taken under a higher limit count under a lower one', async () => {
      const dropAll = (keys: string[]) => Promise.all(keys.map((key) => store.dropToken(SCOPE, key)))
      expect(await takeAll(names(52), 52)).toBe(52)
      expect(await take('more', 27)).toMatchObject({ taken: false })
      // What is left is where it happens to be.
      await dropAll(names(32))
      expect(await takeAll(names(9, 'more'), 27)).toBe(7)
      expect(await keysOf()).toHaveLength(27)
      expect(await take('late', 27)).toMatchObject({ taken: false })
      await dropAll((await keysOf()).slice(0, 23))
      expect(await takeAll(names(4, 'few'), 5)).toBe(1)
      expect(await take('late', 5)).toMatchObject({ taken: false })
    })

    test('of a lowered limit are free when so many have ended', async () => {
      for (const [n, key] of names(5).entries()) await take(key, 5, { until: NOW + n + 1 })
      expect(await take('more', 2)).toEqual({ taken: false, freeAt: NOW + 4 })
      expect(await take('more', 2, { now: NOW + 3 })).toEqual({ taken: false, freeAt: NOW + 4 })
      expect(await take('more', 2, { now: NOW + 4 })).toEqual(TAKEN)
    })

    test.each([
      ['a limit of none', ['one', 0, NOW]],
      ['a limit that is no number', ['one', Number.NaN, NOW]],
      ['a part of one', ['one', 1.5, NOW]],
      ['no end', ['one', 1, Number.NaN]],
      ['no key', ['', 1, NOW]],
    ] as const)('with %s are the caller’s mistake', async (_, [key, limit, until]) => {
      await expect(take(key, limit, { until })).rejects.toMatchObject({ kind: 'misuse' })
      expect(await keysOf(SCOPE, 0)).toEqual([])
    })
  })
}
