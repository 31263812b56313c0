import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from '@jest/globals'
import { ulid } from 'ulid'
import type { StoredExemption } from '../../src/run/store.ts'
import { controlKey, exemptKey, type Key, pauseKey } from '../../src/store/dynamodb/keys.ts'
import { removeWhatIsPast } from '../support/run-table.ts'
import { GROUP, FAR_OFF as NOW } from './example-commits.ts'
import { another, client, namesOf, store, table, withRunTable } from './watched-run-table.ts'

withRunTable()

const DAY = 24 * 3_600_000
const iso = (at: number) => new Date(at).toISOString()
const anExemption = (more: Partial<StoredExemption> = {}): StoredExemption => ({
  id: ulid(),
  resource: GROUP,
  owner: 'team-a',
  reason: 'migration until May',
  until: iso(NOW + 5),
  by: 'alice',
  at: iso(NOW),
  origin: 'command',
  ...more,
})
const spoil = (key: Key, body = 'x') =>
  client.send(new PutItemCommand({ TableName: table, Item: { ...key, body: { S: body } } }))

test('pauses and exemptions are asked for together, in one strong read', async () => {
  const { store: mine, calls } = another()
  await Promise.all([
    mine.controls(['all', 'playbook:close-ssh', 'account:111122223333']),
    mine.exemptionsOf([GROUP, 'sg-1'], NOW),
    mine.lock(GROUP),
  ])
  expect(namesOf(calls)).toEqual(['BatchGetItem'])
  expect(calls[0]?.input.RequestItems).toMatchObject({ [table]: { ConsistentRead: true } })
  calls.length = 0
  await mine.allControls()
  expect(calls.map(({ name, input }) => [name, input.ConsistentRead])).toEqual([['Query', true]])
})

test.each([
  ['is no JSON', 'x'],
  ['says nothing', 'null'],
  ['does not say whether', '{"by":"alice"}'],
])('a pause that %s is an error, and no leave', async (_, body) => {
  await spoil(controlKey(), body)
  await spoil(pauseKey('playbook:close-ssh'), body)
  await expect(store.control()).rejects.toThrow()
  await expect(store.controls(['playbook:close-ssh'])).rejects.toThrow()
  await expect(store.allControls()).rejects.toThrow()
  expect(await store.controls(['playbook:other'])).toEqual(new Map([['playbook:other', { paused: false }]]))
})

test('exemptions that cannot be read are an error, and no leave', async () => {
  await spoil(exemptKey(GROUP))
  await expect(store.exemptionsOf([GROUP], NOW)).rejects.toThrow()
})

test('exemptions are many, and those of a resource are read by its key', async () => {
  const many = Array.from({ length: 120 }, (_, n) => anExemption({ resource: `${GROUP}${n}` }))
  await Promise.all(many.map((each) => store.putExemption(each)))
  expect(await store.exemptions()).toHaveLength(120)
  const { store: mine, calls } = another()
  expect(await mine.exemptionsOf([`${GROUP}7`], NOW)).toEqual([many[7]])
  expect(namesOf(calls)).toEqual(['GetItem'])
})

test('an exemption is kept while it holds, and so long as a run after that', async () => {
  const long = anExemption({ id: '1', until: iso(NOW + 300 * DAY) })
  const ended = { by: 'bob', at: iso(NOW + DAY) }
  await store.putExemption(long)
  await store.putExemption(anExemption({ id: '2', until: iso(NOW + DAY) }))
  await store.putExemption(anExemption({ id: '3', until: iso(NOW + 300 * DAY) }))
  await store.endExemption('3', ended)
  const idsAt = async (at: number) => {
    await removeWhatIsPast(client, table, at)
    return (await store.exemptions()).map(({ id }) => id)
  }
  expect(await idsAt(NOW + 90 * DAY)).toEqual(['1', '2', '3'])
  expect(await idsAt(NOW + 299 * DAY)).toEqual(['1'])
  expect(await store.exemptionsOf([GROUP], NOW + 299 * DAY)).toEqual([long])
  expect(await idsAt(NOW + 391 * DAY)).toEqual([])
  expect(await store.exemptionsOf([GROUP], NOW)).toEqual([])
})
