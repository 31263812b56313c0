import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RunStore } from '../../src/run/store.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { GROUP, FAR_OFF as NOW } from './example-commits.ts'

const root = mkdtempSync(join(tmpdir(), 'rectify-same-rails-'))
afterAll(() => rmSync(root, { recursive: true }))

/** What is done to a store, which answers; the same is done to two. */
type Step = (store: RunStore) => Promise<unknown>

const iso = (at: number) => new Date(at).toISOString()
const scope = fc.constantFrom('changes all', 'runs')
const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const later = fc.integer({ min: NOW, max: NOW + 10 })
const resource = fc.constantFrom(GROUP, 'sg-1')
const id = fc.constantFrom('1', '2', '3')

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(scope, key, later, fc.integer({ min: 1, max: 4 }), later).map(
      ([scope, key, until, limit, now]): Step =>
        (store) =>
          store.takeToken(scope, { key, until }, limit, now),
    ),
  },
  fc.tuple(scope, key).map(
    ([scope, key]): Step =>
      (store) =>
        store.dropToken(scope, key),
  ),
  scope.map(
    (scope): Step =>
      (store) =>
        store.clearTokens(scope),
  ),
  fc.tuple(fc.constantFrom('all', 'playbook:p'), fc.boolean()).map(
    ([scope, paused]): Step =>
      (store) =>
        store.setControlOf(scope, { paused }),
  ),
  fc.tuple(id, resource, later).map(
    ([id, resource, until]): Step =>
      (store) =>
        store.putExemption({
          ...{ id, resource, until: iso(until), owner: 'team', reason: 'why', by: 'alice', at: iso(NOW + 5) },
          origin: 'command',
        }),
  ),
  id.map(
    (id): Step =>
      (store) =>
        store.endExemption(id, { by: 'bob', at: iso(NOW + 6) }),
  ),
)

async function everything(store: RunStore): Promise<unknown> {
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
  return {
    tokens: await Promise.all(
      ['changes all', 'runs'].map(async (scope) => (await store.tokens(scope, NOW + 5)).sort(byKey)),
    ),
    exemptions: await store.exemptions(),
    ofResource: await Promise.all([NOW + 5, NOW + 6].map((now) => store.exemptionsOf([GROUP, 'sg-1'], now))),
    controls: await store.controls(['all', 'playbook:p']),
    paused: await store.allControls(),
  }
}

/** What the store answered or how it refused. */
async function settled(answer: Promise<unknown>): Promise<unknown> {
  const [result] = await Promise.allSettled([answer])
  return result.status === 'fulfilled' ? result.value : { refused: result.reason.kind }
}

async function answersAlike(model: RunStore, real: RunStore, steps: readonly Step[]): Promise<void> {
  for (const step of steps) expect(await settled(step(real))).toEqual(await settled(step(model)))
  expect(await everything(real)).toEqual(await everything(model))
}

test('memory and SQLite count, pause and exempt alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const real = sqliteStore(mkdtempSync(join(root, 'state-')))
      try {
        await answersAlike(memoryStore(), real, steps)
      } finally {
        await real.close()
      }
    }),
  )
})

const endpoint = withMinistack()

test('memory and DynamoDB do so too', async () => {
  const client = dynamoClient(endpoint())
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await answersAlike(memoryStore(), dynamoStore(client, await newRunTable(client)), steps)
    }),
    { numRuns: 25 },
  )
  client.destroy()
})
