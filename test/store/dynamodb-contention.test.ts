import {
  BatchGetItemCommand,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  QueryCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import type { Commit } from '../../src/run/store.ts'
import type { Item } from '../../src/store/dynamodb/connection.ts'
import { dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { runAttributes } from '../../src/store/dynamodb/items.ts'
import { runKey } from '../../src/store/dynamodb/keys.ts'
import { connectionReset } from '../support/dynamo-calls.ts'
import { dynamoClient } from '../support/ministack.ts'
import {
  aFinding,
  approval,
  aRun,
  aWaitingRun,
  COMMITTED,
  commitOf,
  decline,
  GROUP,
  NOW,
  next,
  release,
  SET,
  taking,
} from './example-commits.ts'
import {
  another,
  endpoint,
  namesOf,
  puts,
  started,
  store,
  tokensOf,
  withRunTable,
} from './watched-run-table.ts'

withRunTable()

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
