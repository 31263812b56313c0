import { describe, expect, test } from '@jest/globals'
import pLimit from 'p-limit'
import type { RunStore } from '../../src/run/store.ts'
import { connectionTo, dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { changed, emptyShard, replacement } from '../../src/store/dynamodb/rails/token-shards.ts'
import { connectionReset } from '../support/dynamo-calls.ts'
import { dynamoClient } from '../support/ministack.ts'
import { removeWhatIsPast } from '../support/run-table.ts'
import { FAR_OFF as NOW } from './example-commits.ts'
import {
  another,
  client,
  clients,
  endpoint,
  namesOf,
  store,
  table,
  withRunTable,
} from './watched-run-table.ts'

withRunTable()

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SCOPE = 'changes all'
const TAKEN = { taken: true }
const take = (
  of: RunStore,
  key: string,
  limit: number,
  more: { until?: number; now?: number; scope?: string } = {},
) => {
  const { now = NOW, until = now + HOUR, scope = SCOPE } = more
  return of.takeToken(scope, { key, until }, limit, now)
}
const names = (many: number) => Array.from({ length: many }, (_, n) => `run-${n}`)
/** Fills a shard as if these had been taken. */
const fill = (shard: number, ends: [string, number][]) =>
  changed(
    connectionTo(client, table),
    replacement(connectionTo(client, table), SCOPE, emptyShard(shard), new Map(ends)),
  )

/** So many rounds; 50 of them by hand after a change of how tokens are taken. */
const ROUNDS = 3
const AT_ONCE = 32

/** Stores of as many functions. */
function several(many: number): RunStore[] {
  return Array.from({ length: many }, () => {
    const own = dynamoClient(endpoint())
    clients.push(own)
    return dynamoStore(own, table)
  })
}

describe('sixty who want one of five at once', () => {
  test('get five, and the others are refused', async () => {
    const stores = several(4)
    for (let round = 0; round < ROUNDS; round++) {
      const scope = `changes of round ${round}`
      const atOnce = pLimit(AT_ONCE)
      const answers = await Promise.all(
        names(60).map((key, n) => atOnce(() => take(stores[n % 4]!, key, 5, { scope }))),
      )
      expect(answers.filter(({ taken }) => taken)).toHaveLength(5)
      expect(await store.tokens(scope, NOW)).toHaveLength(5)
    }
  }, 600_000)

  test('and give it back are never six, and each has its turn', async () => {
    const stores = several(4)
    for (let round = 0; round < ROUNDS; round++) {
      const scope = `at once in round ${round}`
      const atOnce = pLimit(AT_ONCE)
      let [inside, most] = [0, 0]
      const turn = async (key: string, its: RunStore) => {
        if (!(await take(its, key, 5, { scope })).taken) return false
        inside += 1
        most = Math.max(most, inside)
        expect((await its.tokens(scope, NOW)).length).toBeLessThanOrEqual(5)
        inside -= 1
        await its.dropToken(scope, key)
        return true
      }
      for (let left = names(60); left.length > 0; ) {
        const turns = left.map((key, n) => atOnce(() => turn(key, stores[n % 4]!)))
        const had = await Promise.all(turns)
        expect(had).toContain(true)
        left = left.filter((_, n) => !had[n])
      }
      expect(most).toBeLessThanOrEqual(5)
      expect(await store.tokens(scope, NOW)).toEqual([])
    }
  }, 600_000)
})

describe('a token', () => {
  test('costs one read and one write; a refusal one read, or one more of all shards as of one moment', async () => {
    const { store: mine, calls } = another()
    await take(mine, 'one', 2)
    await take(mine, 'one', 2)
    await take(mine, 'two', 2)
    await take(mine, 'three', 2)
    await mine.dropToken(SCOPE, 'one')
    await mine.tokens(SCOPE, NOW)
    expect(namesOf(calls)).toEqual([
      ...['Query', 'UpdateItem'],
      'Query',
      ...['Query', 'UpdateItem'],
      'Query',
      ...['Query', 'UpdateItem'],
      'Query',
    ])
    expect(calls.filter(({ name }) => name === 'Query').every(({ input }) => input.ConsistentRead)).toBe(true)
    await Promise.all(names(26).map((key) => take(store, key, 27)))
    calls.length = 0
    await take(mine, 'three', 27)
    expect(namesOf(calls)).toEqual(['Query', 'TransactGetItems'])
  })

  test('whose answer is lost is taken once', async () => {
    const { store: other, calls } = another(async ({ name, count, send }) => {
      if (name !== 'UpdateItem' || count > 1) return
      await send()
      throw connectionReset()
    })
    expect(await take(other, 'one', 1)).toEqual(TAKEN)
    expect(namesOf(calls)).toEqual(['Query', 'UpdateItem', 'UpdateItem', 'Query'])
    expect(await store.tokens(SCOPE, NOW)).toHaveLength(1)
  })

  test('is not refused where shards were full one after the other, but not at once', async () => {
    await Promise.all(names(27).map((key) => take(store, key, 27)))
    const { store: other } = another(async ({ name, count }) => {
      if (name === 'TransactGetItems' && count === 1) await store.dropToken(SCOPE, 'run-3')
    })
    expect(await take(other, 'late', 27)).toEqual(TAKEN)
    expect(await store.tokens(SCOPE, NOW)).toHaveLength(27)
  })

  test('that is in two shards is one, and room is made of it when it is needed', async () => {
    await fill(0, [['one', NOW + 5], ...names(24).map((key): [string, number] => [key, NOW + HOUR])])
    await fill(1, [
      ['one', NOW + HOUR],
      ['two', NOW + HOUR],
    ])
    expect(await store.tokens(SCOPE, NOW)).toContainEqual({ key: 'one', until: NOW + HOUR })
    expect(await store.tokens(SCOPE, NOW)).toHaveLength(26)
    expect(await take(store, 'three', 27)).toEqual(TAKEN)
    expect(await take(store, 'four', 27)).toMatchObject({ taken: false })
    expect(await take(store, 'one', 27)).toEqual(TAKEN)
    await store.dropToken(SCOPE, 'one')
    expect(await take(store, 'four', 27)).toEqual(TAKEN)
  })

  test('that is in two shards is dropped from both', async () => {
    await fill(0, [['one', NOW + 5]])
    await fill(1, [['one', NOW + HOUR]])
    await store.dropToken(SCOPE, 'one')
    expect(await store.tokens(SCOPE, NOW)).toEqual([])
  })

  test('taken while a scope is cleared stays', async () => {
    await take(store, 'one', 5)
    const { store: other } = another(async ({ name, count }) => {
      if (name === 'UpdateItem' && count === 1) await take(store, 'two', 5)
    })
    await other.clearTokens(SCOPE)
    expect((await store.tokens(SCOPE, NOW)).map(({ key }) => key)).toEqual(['two'])
  })

  test('is in the table for as long as it counts, however late its end is, and its item goes', async () => {
    await take(store, 'one', 5)
    await take(store, 'two', 5, { until: NOW + 200 * DAY })
    await take(store, 'three', 5)
    await removeWhatIsPast(client, table, NOW + 200 * DAY)
    expect((await store.tokens(SCOPE, NOW + 199 * DAY)).map(({ key }) => key)).toEqual(['two'])
    await take(store, 'two', 5, { until: NOW + 400 * DAY })
    await removeWhatIsPast(client, table, NOW + 400 * DAY)
    expect(await store.tokens(SCOPE, NOW + 399 * DAY)).toHaveLength(1)
    await removeWhatIsPast(client, table, NOW + 500 * DAY)
    expect(await store.tokens(SCOPE, NOW)).toEqual([])
  })
})
