import { describe, expect, test } from '@jest/globals'
import type { Commit } from '../../src/run/store.ts'
import { getItem } from '../../src/store/dynamodb/connection.ts'
import { connectionTo, dynamoStore } from '../../src/store/dynamodb/dynamodb-store.ts'
import { commitKey, findingKey, lockKey, newestKey, runKey } from '../../src/store/dynamodb/keys.ts'
import { MAX_RUN_BYTES } from '../../src/store/store-error.ts'
import { connectionReset } from '../support/dynamo-calls.ts'
import {
  aFinding,
  aHold,
  aRun,
  COMMITTED,
  commitOf,
  GROUP,
  NOW,
  next,
  PLAYBOOK,
  release,
  SET,
  taking,
} from './example-commits.ts'
import { another, client, puts, started, store, table, withRunTable } from './watched-run-table.ts'

withRunTable()

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

  test('of what is stored of a run is much less than that of the run', async () => {
    const run = aRun('run-1', { findings: Array.from({ length: 20 }, (_, n) => aFinding(`finding-${n}`)) })
    await store.commit(commitOf(run))
    const item = await getItem(connectionTo(client, table), runKey('run-1'))
    expect(item?.body?.B?.length).toBeLessThan(JSON.stringify(run).length / 3)
    expect(await store.get('run-1')).toEqual(run)
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

  test('of a set is not read where only some of its entries are asked for', async () => {
    const entries = Array.from({ length: 200 }, (_, i) => `198.51.100.${i}/32`)
    await store.commit(commitOf(aRun('run-1'), { timeBoxes: puts(entries, 'run-1') }))
    const { store: mine, calls } = another()
    expect(await mine.timeBoxes(SET, entries.slice(0, 2))).toHaveLength(2)
    const asked = calls.map(({ input }) => Object.values(input.RequestItems ?? {}))
    expect(asked).toEqual([[expect.objectContaining({ Keys: [expect.anything(), expect.anything()] })]])
  })

  test('of a list or of the attached findings is no limit', async () => {
    const ids = Array.from({ length: 130 }, (_, i) => `run-${String(i).padStart(3, '0')}`)
    await Promise.all(ids.map((id) => store.commit(commitOf(aRun(id, { reason: 'x'.repeat(20_000) })))))
    expect((await store.list()).map(({ id }) => id)).toEqual(ids.toReversed())
    expect((await store.list({ limit: 2 })).map(({ id }) => id)).toEqual(['run-129', 'run-128'])
    expect((await store.list({ limit: 2, behind: aRun('run-128') })).map(({ id }) => id)).toEqual([
      'run-127',
      'run-126',
    ])
    const findings = ids.map((id) => ({ ...aFinding(id), title: 'x'.repeat(20_000) }))
    expect(await store.attach('run-000', findings)).toBe('attached')
    expect(await store.attached('run-000')).toEqual(findings)
  })
})

describe('the time to live', () => {
  const DAY = 24 * 3600
  const connection = () => connectionTo(client, table)
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

  test('of a run that lets its key rest, and of the pointer to it, is not over before that rest', async () => {
    const brief = dynamoStore(client, table, { retentionDays: 7 })
    const restUntil = '2026-11-01T08:00:00.000Z'
    await brief.commit(commitOf(aRun('run-1'), { expect: { newest: null } }))
    await brief.commit(
      commitOf(next(aRun('run-1'), { state: 'closed', outcome: 'exempted', endedAt, restUntil })),
    )
    const { playbook, key } = aRun('run-1')
    const kept = await Promise.all(
      [runKey('run-1'), newestKey(playbook, key)].map((of) => getItem(connection(), of)),
    )
    expect(kept.map((item) => Number(item?.expires?.N))).toEqual([seconds(restUntil), seconds(restUntil)])
    expect(await brief.newest(playbook, key)).toBe('run-1')
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
