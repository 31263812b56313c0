import {
  BatchGetItemCommand,
  type DynamoDBClient,
  type DynamoDBClientConfig,
  ProvisionedThroughputExceededException,
  QueryCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import type { Run } from '../../src/run/run.ts'
import type { Commit, RunStore } from '../../src/run/store.ts'
import type { Connection, Item } from '../../src/store/dynamodb/connection.ts'
import { getItem } from '../../src/store/dynamodb/connection.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { commitKey, findingKey, lockKey, newestKey, runKey } from '../../src/store/dynamodb/keys.ts'
import { MAX_RUN_BYTES } from '../../src/store/store-error.ts'
import { type Call, connectionReset, watch } from '../support/dynamo-calls.ts'
import { dynamoClient, withMinistack } from '../support/ministack.ts'
import { newRunTable } from '../support/run-table.ts'
import { keepsTheContract } from './contract.ts'
import {
  aFinding,
  aHold,
  approval,
  aRun,
  aWaitingRun,
  commitOf,
  decline,
  GROUP,
  NOW,
  PLAYBOOK,
  SET,
  taking,
} from './example-commits.ts'

const endpoint = withMinistack()
const clients: DynamoDBClient[] = []
let client: DynamoDBClient
beforeAll(() => {
  client = dynamoClient(endpoint())
})
afterAll(() => client.destroy())
afterEach(() => {
  for (const each of clients.splice(0)) each.destroy()
})

describe('the run store in DynamoDB', () => {
  keepsTheContract(async () => dynamoStore(client, await newRunTable(client)))
})

const COMMITTED = { kind: 'committed' }
const release = { op: 'release' as const, resource: GROUP }
const next = (run: Run, more: Partial<Run> = {}): Run => ({ ...run, ...more, revision: run.revision + 1 })
const started = commitOf(aRun('run-1'), {
  expect: { newest: null },
  lock: taking('me'),
  audit: [{ at: aRun('run-1').startedAt, event: 'started' }],
})

let table: string
let store: RunStore
beforeEach(async () => {
  table = await newRunTable(client)
  store = dynamoStore(client, table)
})

/** A second user of the table, whose requests are watched; it pauses for no time and notes for which repetition. */
function another(meanwhile?: (call: Call) => Promise<void>, config: DynamoDBClientConfig = {}) {
  const own = dynamoClient(endpoint(), config)
  clients.push(own)
  const pauses: number[] = []
  const pause = async (repetition: number) => void pauses.push(repetition)
  const calls = watch(own, meanwhile)
  return { store: dynamoStore(own, table, { pause }), calls, pauses, client: own }
}

const namesOf = (calls: Call[]) => calls.map(({ name }) => name)
const tokensOf = (calls: Call[]) => calls.map(({ input }) => input.ClientRequestToken)
const puts = (entries: string[], run: string) =>
  entries.map((entry) => ({
    op: 'put' as const,
    timeBox: aHold(entry, run, NOW),
  }))

describe('the cost', () => {
  test('of an automatic run is two transactions, with nothing read before them', async () => {
    const { store, calls } = another()
    await store.commit(started)
    const closed = next(aRun('run-1'), { state: 'closed', outcome: 'remediated' })
    await store.commit(commitOf(closed, { expect: { attached: 0 }, lock: release }))
    expect(namesOf(calls)).toEqual(['TransactWriteItems', 'TransactWriteItems'])
  })

  test('of holds is one read more, and of a decision or an attached finding one read and one transaction', async () => {
    const { store, calls } = another()
    await store.commit(
      commitOf(aWaitingRun('run-1', 'sha256:a'), { timeBoxes: puts(['198.51.100.1/32'], 'run-1') }),
    )
    await store.decide('run-1', approval('alice', 'sha256:a'), NOW)
    await store.attach('run-1', [aFinding('a')])
    expect(namesOf(calls)).toEqual([
      ...['TransactGetItems', 'TransactWriteItems'],
      ...['GetItem', 'TransactWriteItems'],
      ...['GetItem', 'Query', 'TransactWriteItems'],
    ])
  })

  test('of holds on an entry of another run is a read of that run more', async () => {
    await store.commit(commitOf(aRun('run-1'), { timeBoxes: puts(['198.51.100.1/32'], 'run-1') }))
    const joining = puts(['198.51.100.1/32'], 'run-2').map((put) => ({ ...put, onlyIfOurs: true }))
    const { store: other, calls } = another()
    await other.commit(commitOf(aRun('run-2'), { timeBoxes: joining }))
    expect(namesOf(calls)).toEqual(['TransactGetItems', 'BatchGetItem', 'TransactWriteItems'])
  })

  test('of reads is one request, strongly read, and nothing ever scans', async () => {
    await store.commit(started)
    const { store: reader, calls } = another()
    await reader.get('run-1')
    await reader.newest(PLAYBOOK, GROUP)
    await reader.lock(GROUP)
    await reader.audit('run-1')
    await reader.attached('run-1')
    await reader.timeBoxes(SET)
    await reader.control()
    expect(calls.map(({ name, input }) => [name, input.ConsistentRead])).toEqual(
      ['GetItem', 'GetItem', 'GetItem', 'Query', 'Query', 'Query', 'GetItem'].map((name) => [name, true]),
    )
  })
})

describe('a commit whose answer is lost', () => {
  test('is repeated by the SDK under its token: success, stored once', async () => {
    const { store: other, calls } = another(async ({ count, send }) => {
      if (count > 1) return
      await send()
      throw connectionReset()
    })
    expect(await other.commit(started)).toEqual(COMMITTED)
    expect(namesOf(calls)).toEqual(['TransactWriteItems', 'TransactWriteItems'])
    expect(new Set(tokensOf(calls)).size).toBe(1)
    expect(await store.audit('run-1')).toHaveLength(1)
  })

  test('for good is "busy", and sent once more it is a success by the same token', async () => {
    const { store: deaf, calls } = another(async ({ send }) => {
      await send()
      throw connectionReset()
    })
    await expect(deaf.commit(started)).rejects.toMatchObject({ name: 'StoreError', kind: 'busy' })
    const { store: same, calls: again } = another()
    expect(await same.commit(started)).toEqual(COMMITTED)
    expect(namesOf(again)).toEqual(['TransactWriteItems'])
    expect(tokensOf(again)[0]).toBe(tokensOf(calls)[0])
    expect(String(tokensOf(again)[0]).length).toBeLessThanOrEqual(36)
    expect(await store.audit('run-1')).toHaveLength(1)
  })

  test('is a success too when its token is forgotten and the run went on: its id is read back', async () => {
    await store.commit(started)
    await store.commit(commitOf(next(aRun('run-1')), { lock: release }))
    const { store: late, client: forgetful } = another()
    forgetful.middlewareStack.add(
      (send) => (args) => send({ ...args, input: { ...args.input, ClientRequestToken: 'forgotten' } }),
      { step: 'initialize' },
    )
    expect(await late.commit(started)).toEqual(COMMITTED)
    expect(await store.get('run-1')).toMatchObject({ revision: 2 })
    expect((await store.lock(GROUP)).lockedBy).toBeUndefined()
  })

  test('and brings holds does not put them back once they were dropped', async () => {
    const first = commitOf(aRun('run-1'), { timeBoxes: puts(['198.51.100.1/32'], 'run-1') })
    await store.commit(first)
    const drop = { op: 'drop' as const, key: 'run-1', resource: SET, entry: '198.51.100.1/32' }
    await store.commit(commitOf(aRun('run-2'), { timeBoxes: [drop] }))
    expect(await store.commit(first)).toEqual(COMMITTED)
    expect(await store.timeBoxes(SET)).toEqual([])
  })

  test('does not make a decision twice, nor attach a finding twice', async () => {
    await store.commit(commitOf(aWaitingRun('run-1', 'sha256:a')))
    const { store: other } = another(async ({ name, count, send }) => {
      if (name !== 'TransactWriteItems' || count % 2 === 0) return
      await send()
      throw connectionReset()
    })
    expect((await other.decide('run-1', approval('alice', 'sha256:a'), NOW)).kind).toBe('recorded')
    expect(await other.attach('run-1', [aFinding('a')])).toBe('attached')
    expect((await store.get('run-1'))?.decisions).toHaveLength(1)
    expect(await store.attached('run-1')).toHaveLength(1)
  })

  test('does not bring an old word on the kill switch back over a newer one', async () => {
    const { store: other } = another(async ({ count, send }) => {
      if (count > 1) return
      await send()
      await store.setControl({ paused: true, by: 'alice' })
      throw connectionReset()
    })
    await other.setControl({ paused: false, by: 'bob' })
    expect(await store.control()).toEqual({ paused: true, by: 'alice' })
  })
})

describe('throttling', () => {
  test('is waited out by the SDK', async () => {
    const { store: other, calls } = another(async ({ count }) => {
      if (count === 1)
        throw new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} })
    })
    expect(await other.commit(started)).toEqual(COMMITTED)
    expect(calls).toHaveLength(2)
  })

  test('that does not end is "busy", and nothing is stored', async () => {
    const { store: other } = another(
      async () => {
        throw new ProvisionedThroughputExceededException({ message: 'slow down', $metadata: {} })
      },
      { maxAttempts: 1 },
    )
    await expect(other.commit(started)).rejects.toMatchObject({ kind: 'busy' })
    expect(await store.get('run-1')).toBeUndefined()
  })

  const cancelled = (...codes: string[]) =>
    new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: codes.map((Code) => ({ Code, Message: Code })),
    })

  test('and conflicts between transactions are no conflict of the run: repeated, with a growing pause', async () => {
    const {
      store: other,
      pauses,
      calls,
    } = another(async ({ count }) => {
      if (count === 1) throw cancelled('None', 'TransactionConflict')
      if (count === 2) throw cancelled('ThrottlingError', 'None')
    })
    expect(await other.commit(started)).toEqual(COMMITTED)
    expect(pauses).toEqual([1, 2])
    expect(new Set(tokensOf(calls)).size).toBe(3)
  })

  test('between transactions that never ends is "busy"', async () => {
    const { store: other, pauses } = another(async () => {
      throw cancelled('TransactionConflict')
    })
    await expect(other.commit(started)).rejects.toMatchObject({ kind: 'busy' })
    expect(pauses).toHaveLength(8)
  })

  test('of a part of a list is asked for again', async () => {
    const mocked = mockClient(dynamoClient(endpoint()))
    const keys = [runKey('run-1'), runKey('run-2')].map((key) => ({ ...key }))
    const items = ['run-1', 'run-2'].map((id): Item => ({ ...runKey(id), ...runAttributes(aRun(id)) }))
    mocked.on(QueryCommand).resolvesOnce({ Items: keys }).resolves({ Items: [] })
    const rest = { runs: { Keys: [keys[1] ?? {}] } }
    mocked
      .on(BatchGetItemCommand)
      .resolvesOnce({ Responses: { runs: [items[0] ?? {}] }, UnprocessedKeys: rest })
      .resolvesOnce({ Responses: {}, UnprocessedKeys: rest })
      .resolves({ Responses: { runs: [items[1] ?? {}] } })
    const pauses: number[] = []
    const listing = dynamoStore(mocked as unknown as DynamoDBClient, 'runs', {
      pause: async (repetition) => void pauses.push(repetition),
    })
    expect((await listing.list()).map(({ id }) => id)).toEqual(['run-2', 'run-1'])
    expect(pauses).toEqual([1])
  })
})

describe('at the same time', () => {
  const both = [0, 1, 2, 3, 4, 5, 6, 7]

  test('of several commits of one run exactly one wins, and it is the one that is stored', async () => {
    const run = aRun('run-1')
    await store.commit(commitOf(run))
    for (let revision = 1; revision <= 10; revision++) {
      const answers = await Promise.all(
        both.map((driver) =>
          another().store.commit(commitOf(next({ ...run, revision }, { reason: `driver ${driver}` }))),
        ),
      )
      const winners = both.filter((driver) => answers[driver]?.kind === 'committed')
      expect(winners).toHaveLength(1)
      expect(answers).toContainEqual({ kind: 'conflict', on: 'revision' })
      expect((await store.get('run-1'))?.reason).toBe(`driver ${winners[0]}`)
    }
    expect(await store.get('run-1')).toMatchObject({ revision: 11 })
  })

  test('of several that take a lock exactly one wins', async () => {
    const answers = await Promise.all(
      both.map((driver) =>
        another().store.commit(commitOf(aRun(`run-${driver}`), { lock: taking(`${driver}`) })),
      ),
    )
    const winners = both.filter((driver) => answers[driver]?.kind === 'committed')
    expect(winners).toHaveLength(1)
    expect((await store.lock(GROUP)).lockedBy?.owner).toBe(`${winners[0]}`)
  })

  test('all findings are attached, each once', async () => {
    await store.commit(commitOf(aRun('run-1')))
    await Promise.all(
      both.map((n) => another().store.attach('run-1', [aFinding('same'), aFinding(`finding-${n % 4}`)])),
    )
    expect((await store.attached('run-1')).map(({ id }) => id).sort()).toEqual([
      ...['finding-0', 'finding-1', 'finding-2', 'finding-3'],
      'same',
    ])
    const all = next(aRun('run-1'), { state: 'closed', outcome: 'remediated' })
    expect(await store.commit(commitOf(all, { expect: { attached: 5 } }))).toEqual(COMMITTED)
  })

  test('of several decisions of a quorum as many are recorded as it takes', async () => {
    const terms = { quorum: 2, expiresAfter: 'PT4H', onExpiry: 'decline' as const }
    await store.commit(commitOf(aWaitingRun('run-1', 'sha256:a', { approval: terms })))
    const answers = await Promise.all(
      ['alice', 'bob', 'carol', 'dave'].map((by) =>
        another().store.decide('run-1', approval(by, 'sha256:a'), NOW),
      ),
    )
    expect(answers.filter(({ kind }) => kind === 'recorded')).toHaveLength(2)
    expect((await store.get('run-1'))?.decisions).toHaveLength(2)
  })

  test('a commit that lost the race for its holds is made on what is stored by then', async () => {
    const { store: late } = another(async ({ name, count }) => {
      if (name !== 'TransactWriteItems' || count > 1) return
      await store.commit(commitOf(aRun('run-2'), { timeBoxes: puts(['198.51.100.1/32'], 'run-2') }))
    })
    const joining = puts(['198.51.100.1/32'], 'run-1').map((put) => ({ ...put, onlyIfOurs: true }))
    expect(await late.commit(commitOf(aRun('run-1'), { timeBoxes: joining }))).toEqual(COMMITTED)
    expect((await store.timeBoxes(SET)).map(({ run, madeBy }) => [run, madeBy])).toEqual([
      ['run-1', 'run-2'],
      ['run-2', 'run-2'],
    ])
  })

  test('a finding that comes just as its run closes is turned away', async () => {
    await store.commit(commitOf(aRun('run-1')))
    const { store: late } = another(async ({ name, count }) => {
      if (name !== 'TransactWriteItems' || count > 1) return
      await store.commit(commitOf(next(aRun('run-1'), { state: 'closed', outcome: 'remediated' })))
    })
    expect(await late.attach('run-1', [aFinding('a')])).toBe('closed')
    expect(await store.attached('run-1')).toEqual([])
  })

  test('a commit that lost its run between its two looks says so', async () => {
    await store.commit(commitOf(aWaitingRun('run-1', 'sha256:a')))
    const { store: late } = another(async ({ name, count }) => {
      if (name !== 'TransactWriteItems' || count > 1) return
      await store.decide('run-1', decline('bob', 'sha256:a'), NOW)
    })
    const expiring: Commit = commitOf(next(aWaitingRun('run-1', 'sha256:a')), {
      timeBoxes: puts(['198.51.100.1/32'], 'run-1'),
    })
    expect(await late.commit(expiring)).toEqual({ kind: 'conflict', on: 'revision' })
    expect(await store.timeBoxes(SET)).toEqual([])
  })
})

describe('the index, which lags behind', () => {
  test('finds runs and holds, and what is told of them is as it is now', async () => {
    const mocked = mockClient(dynamoClient(endpoint()))
    const closed = aRun('run-1', { state: 'closed', outcome: 'remediated' })
    const item: Item = { ...runKey('run-1'), ...runAttributes(closed) }
    mocked.on(QueryCommand).resolves({ Items: [{ ...runKey('run-1') }] })
    mocked.on(BatchGetItemCommand).resolves({ Responses: { runs: [item] } })
    const behind = dynamoStore(mocked as unknown as DynamoDBClient, 'runs')
    expect(await behind.list({ state: ['open', 'waiting'] })).toEqual([])
    expect(await behind.timeBoxesDue(NOW)).toEqual([])
    for (const call of mocked.commandCalls(BatchGetItemCommand)) {
      const asked = call.args[0].input.RequestItems?.runs
      expect(asked?.ConsistentRead).toBe(true)
      // Found in both states, which is how a run looks that is between them; the table takes a key once.
      expect(asked?.Keys).toEqual([runKey('run-1')])
    }
  })
})

describe('a conflict on several things', () => {
  test('is told in the order of the contract', async () => {
    await store.commit(started)
    await store.attach('run-1', [aFinding('a')])
    const wrong = { newest: 'run-9', attached: 0 }
    const answer = async (revision: number, expect: Partial<Commit['expect']>) =>
      store.commit(
        commitOf(aRun('run-1', { revision }), { id: 'other', expect, lock: taking('you', { epoch: 7 }) }),
      )
    expect(await answer(5, wrong)).toMatchObject({ on: 'revision' })
    expect(await answer(2, wrong)).toMatchObject({ on: 'newest' })
    expect(await answer(2, { ...wrong, newest: 'run-1' })).toMatchObject({ on: 'attached' })
    expect(await answer(2, { newest: 'run-1', attached: 1 })).toMatchObject({ on: 'lock' })
  })
})

describe('size', () => {
  const noise = (bytes: number) =>
    Array.from({ length: bytes / 4 }, (_, i) =>
      ((i * 2654435761) % 65536).toString(16).padStart(4, '0'),
    ).join('')

  test('of a run that holds its lock may pass what an item takes', async () => {
    await store.commit(started)
    const large = next(aRun('run-1'), { reason: 'x'.repeat(MAX_RUN_BYTES + 200_000) })
    expect(await store.commit(commitOf(large, { lock: release }))).toEqual(COMMITTED)
    expect(await store.get('run-1')).toEqual(large)
    expect((await store.list())[0]?.reason).toHaveLength(MAX_RUN_BYTES + 200_000)
  })

  test('that no item takes in any form is told, and nothing is stored', async () => {
    await store.commit(started)
    const random = next(aRun('run-1'), { reason: noise(4_000_000) })
    await expect(store.commit(commitOf(random))).rejects.toMatchObject({ kind: 'tooLarge' })
    expect(await store.get('run-1')).toMatchObject({ revision: 1 })
  })

  test('of a commit with more holds than a transaction takes actions is no limit', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => `198.51.${i >> 8}.${i & 255}/32`)
    expect(await store.commit(commitOf(aRun('run-1'), { timeBoxes: puts(entries, 'run-1') }))).toEqual(
      COMMITTED,
    )
    expect((await store.timeBoxes(SET)).map(({ entry }) => entry)).toEqual([...entries].sort())
    expect(await store.timeBoxesDue(NOW)).toHaveLength(500)
    const drops = puts(entries, 'run-1').map(({ timeBox }) => ({ op: 'drop' as const, ...timeBox }))
    expect(await store.commit(commitOf(next(aRun('run-1')), { timeBoxes: drops }))).toEqual(COMMITTED)
    expect([await store.timeBoxes(SET), await store.timeBoxesDue(NOW)]).toEqual([[], []])
  })

  test('of a list or of the attached findings is no limit', async () => {
    const ids = Array.from({ length: 130 }, (_, i) => `run-${String(i).padStart(3, '0')}`)
    await Promise.all(ids.map((id) => store.commit(commitOf(aRun(id, { reason: 'x'.repeat(20_000) })))))
    expect((await store.list()).map(({ id }) => id)).toEqual(ids.toReversed())
    expect((await store.list({ limit: 2 })).map(({ id }) => id)).toEqual(['run-129', 'run-128'])
    const findings = ids.map((id) => ({ ...aFinding(id), title: 'x'.repeat(20_000) }))
    expect(await store.attach('run-000', findings)).toBe('attached')
    expect(await store.attached('run-000')).toEqual(findings)
  })
})

describe('the time to live', () => {
  const DAY = 24 * 3600
  const connection = (): Connection => ({ client, table, retentionDays: 90, pause: async () => undefined })
  const seconds = (iso: string) => Date.parse(iso) / 1000
  const { startedAt } = aRun('run-1')
  const endedAt = '2026-08-03T08:00:00.000Z'

  test('of a run begins when it closes: 90 days, in seconds', async () => {
    await store.commit(started)
    expect((await getItem(connection(), runKey('run-1')))?.expires).toBeUndefined()
    const closed = next(aRun('run-1'), { state: 'closed', outcome: 'remediated', endedAt })
    await store.commit(commitOf(closed))
    const item = await getItem(connection(), runKey('run-1'))
    expect(Number(item?.expires?.N)).toBe(seconds(endedAt) + 90 * DAY)
  })

  test('can be set', async () => {
    const brief = dynamoStore(client, table, { retentionDays: 7 })
    await brief.commit(commitOf(aRun('run-1', { state: 'closed', outcome: 'off', endedAt })))
    const item = await getItem(connection(), runKey('run-1'))
    expect(Number(item?.expires?.N)).toBe(seconds(endedAt) + 7 * DAY)
  })

  describe('of a run to which holds point', () => {
    const closed = (id: string) => aRun(id, { state: 'closed', outcome: 'remediated', endedAt })
    const entry = '198.51.100.1/32'
    const inDays = (days: number) => Date.parse(endedAt) + days * DAY * 1000
    const holding = (run: string, days: number, madeBy = run): Pick<Commit, 'timeBoxes'> => ({
      timeBoxes: [{ op: 'put', timeBox: aHold(entry, run, inDays(days), madeBy) }],
    })
    const joining = (run: string, days: number): Pick<Commit, 'timeBoxes'> => ({
      timeBoxes: [
        {
          op: 'put',
          timeBox: aHold(entry, run, inDays(days)),
          onlyIfOurs: true,
          now: inDays(days - 1),
        },
      ],
    })
    /** In days after its end. */
    const leaves = async (run: string) => {
      const item = await getItem(connection(), runKey(run))
      return (Number(item?.expires?.N) - seconds(endedAt)) / DAY
    }

    test('ends two weeks after the last of them at the earliest', async () => {
      await store.commit(commitOf(closed('run-1'), holding('run-1', 1)))
      await store.commit(commitOf(closed('run-2'), holding('run-2', 100)))
      expect([await leaves('run-1'), await leaves('run-2')]).toEqual([90, 114])
    })

    test('is pushed out by those who extend the block, and not by each of them', async () => {
      await store.commit(commitOf(closed('run-1'), holding('run-1', 1)))
      await store.commit(commitOf(closed('run-2'), joining('run-2', 76)))
      const early = await leaves('run-1')
      await store.commit(commitOf(closed('run-3'), joining('run-3', 77)))
      const late = await leaves('run-1')
      await store.commit(commitOf(closed('run-4'), joining('run-4', 78)))
      expect([early, late, await leaves('run-1')]).toEqual([90, 77 + 14 + 90, 77 + 14 + 90])
      expect(await store.get('run-1')).toEqual(closed('run-1'))
    })

    test('is pushed out as long as taking the entry out is put off', async () => {
      await store.commit(commitOf(closed('run-1'), holding('run-1', 1)))
      const timeBox = aHold(entry, 'run-1', inDays(1))
      const putOff = { op: 'put' as const, timeBox: { ...timeBox, notBefore: inDays(80) } }
      await store.commit(commitOf(closed('run-2'), { timeBoxes: [putOff] }))
      expect(await leaves('run-1')).toBe(80 + 14 + 90)
    })

    test('begins only when it closes', async () => {
      await store.commit(commitOf(aRun('run-1'), holding('run-1', 1)))
      await store.commit(commitOf(closed('run-2'), joining('run-2', 100)))
      expect((await getItem(connection(), runKey('run-1')))?.expires).toBeUndefined()
    })

    test('that is gone already is not brought back, and its entry is held all the same', async () => {
      await store.commit(commitOf(closed('run-2'), holding('run-2', 100, 'gone')))
      await store.commit(commitOf(closed('run-3'), joining('run-3', 101)))
      expect(await getItem(connection(), runKey('gone'))).toBeUndefined()
      expect((await store.timeBoxes(SET)).map(({ run }) => run)).toEqual(['run-3'])
    })

    test('is not drawn nearer by a commit that read it before another pushed it out further', async () => {
      await store.commit(commitOf(closed('run-1'), holding('run-1', 1)))
      const far = inDays(200)
      const { store: late } = another(async ({ name, count }) => {
        if (name !== 'TransactWriteItems' || count > 1) return
        const elsewhere = aHold('203.0.113.9/32', 'run-2', far, 'run-1')
        await store.commit(commitOf(closed('run-2'), { timeBoxes: [{ op: 'put', timeBox: elsewhere }] }))
      })
      expect(await late.commit(commitOf(closed('run-3'), joining('run-3', 80)))).toEqual(COMMITTED)
      expect(await leaves('run-1')).toBe(200 + 14 + 90)
      expect((await store.timeBoxes(SET)).map(({ run }) => run)).toEqual(['run-3', 'run-2'])
    })

    test('is pushed out once when the answer to that was lost', async () => {
      await store.commit(commitOf(closed('run-1'), holding('run-1', 1)))
      const { store: other } = another(async ({ name, count, send }) => {
        if (name !== 'TransactWriteItems' || count > 1) return
        await send()
        throw connectionReset()
      })
      const commit = commitOf(closed('run-2'), joining('run-2', 80))
      expect(await other.commit(commit)).toEqual(COMMITTED)
      expect(await store.commit(commit)).toEqual(COMMITTED)
      expect(await leaves('run-1')).toBe(80 + 14 + 90)
    })

    test('does not keep a commit from being stored, however many runs it is about', async () => {
      const entries = Array.from({ length: 150 }, (_, n) => `198.51.100.${n}/32`)
      const makers = entries.map((_, n) => `maker-${n}`)
      await Promise.all(makers.map((id) => store.commit(commitOf(closed(id)))))
      const timeBoxes = entries.map((entry, n) => ({
        op: 'put' as const,
        timeBox: aHold(entry, 'run-1', inDays(100), makers[n]!),
      }))
      expect(await store.commit(commitOf(closed('run-1'), { timeBoxes }))).toEqual(COMMITTED)
      expect(await store.timeBoxes(SET)).toHaveLength(150)
      expect((await Promise.all(makers.map(leaves))).filter((days) => days > 90)).toHaveLength(10)
    })
  })

  test('of all that belongs to a run ends later than its own, and a held lock and the kill switch stay', async () => {
    await store.commit(started)
    await store.attach('run-1', [aFinding('a')])
    const keys = [commitKey('run-1', 1), findingKey('run-1', 1), newestKey(PLAYBOOK, GROUP)]
    const items = await Promise.all(keys.map((key) => getItem(connection(), key)))
    const expected = String(seconds(startedAt) + 180 * DAY)
    expect(items.map((item) => item?.expires?.N)).toEqual([expected, expected, expected])
    expect((await getItem(connection(), lockKey(GROUP)))?.expires).toBeUndefined()
    await store.commit(commitOf(next(aRun('run-1')), { lock: release }))
    expect((await getItem(connection(), lockKey(GROUP)))?.expires?.N).toBe(expected)
    await store.commit(commitOf(aRun('run-2'), { lock: taking('me', { epoch: 1 }) }))
    expect((await getItem(connection(), lockKey(GROUP)))?.expires).toBeUndefined()
  })
})

describe('a table', () => {
  test('that is not there is told as unusable', async () => {
    const nowhere = dynamoStore(client, 'no-such-table')
    for (const refused of [nowhere.get('run-1'), nowhere.commit(started), nowhere.list(), nowhere.control()])
      await expect(refused).rejects.toMatchObject({
        name: 'StoreError',
        kind: 'unusable',
        message: expect.stringContaining('no-such-table'),
      })
  })

  test('that does not answer is told as busy', async () => {
    const silent = dynamoClient('http://127.0.0.1:9')
    clients.push(silent)
    await expect(dynamoStore(silent, table).control()).rejects.toMatchObject({ kind: 'busy' })
  })
})
