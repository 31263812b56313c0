import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { RunStore } from '../../../src/run/store.ts'
import { MAX_RUN_BYTES, RunTooLarge } from '../../../src/store/store-error.ts'
import { aRun, commitOf, GROUP, NOW, PLAYBOOK, taking } from '../example-commits.ts'
import { COMMITTED, committed, conflict, next, store } from './store-under-test.ts'

/** Of the newest run of a playbook and key, of lists, and of the size of a run. `make` gives an empty store. */
export function keepsNewestRuns(make: () => RunStore | Promise<RunStore>): void {
  describe('the newest run of a playbook and key', () => {
    test('is the one that was committed as such', async () => {
      await committed(commitOf(aRun('run-1'), { expect: { newest: null } }))
      await committed(commitOf(aRun('run-2'), { expect: { newest: 'run-1' } }))
      expect(await store.newest(PLAYBOOK, GROUP)).toBe('run-2')
      expect(await store.newest(PLAYBOOK, 'another key')).toBeUndefined()
      expect(await store.newest('another playbook', GROUP)).toBeUndefined()
    })

    test('may become so by a later commit, unless another came first', async () => {
      await committed(commitOf(aRun('run-1'), { expect: { newest: null } }))
      await committed(commitOf(aRun('undo', { undoOf: 'run-1' })))
      const undo = next(aRun('undo', { undoOf: 'run-1' }))
      expect(await store.commit(commitOf(undo, { expect: { newest: null } }))).toEqual(conflict('newest'))
      await committed(commitOf(undo, { expect: { newest: 'run-1' } }))
      expect(await store.newest(PLAYBOOK, GROUP)).toBe('undo')
    })

    test('becomes a run for further keys, whatever was the newest of them', async () => {
      await committed(commitOf(aRun('run-1', { key: 'one' }), { expect: { newest: null } }))
      const stored = aRun('run-2')
      await committed(commitOf(stored, { expect: { newest: null }, alsoNewestOf: ['one', 'two'] }))
      const newest = await Promise.all([GROUP, 'one', 'two'].map((key) => store.newest(PLAYBOOK, key)))
      expect(newest).toEqual(['run-2', 'run-2', 'run-2'])
    })

    test('is not moved by a commit that says nothing about it', async () => {
      await committed(commitOf(aRun('run-1'), { expect: { newest: null } }))
      await committed(commitOf(aRun('run-2')))
      expect(await store.newest(PLAYBOOK, GROUP)).toBe('run-1')
    })

    // Two findings for one resource at the same moment start one run.
    test('is claimed by one of two that saw the same', async () => {
      const claims = ['run-1', 'run-2'].map((id) =>
        store.commit(commitOf(aRun(id), { expect: { newest: null } })),
      )
      const answers = await Promise.all(claims)
      const [winner, loser] = answers[0]?.kind === 'committed' ? ['run-1', 'run-2'] : ['run-2', 'run-1']
      expect(answers).toContainEqual(COMMITTED)
      expect(answers).toContainEqual(conflict('newest'))
      expect(await store.newest(PLAYBOOK, GROUP)).toBe(winner)
      expect(await store.get(loser)).toBeUndefined()
    })
  })

  describe('what a run has started elsewhere', () => {
    test('leads back to the run, by its id', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run, { started: ['command-1', 'command-2'] }))
      expect(await store.runThatStarted('command-2')).toBe('run-1')
      expect(await store.runThatStarted('command-3')).toBeUndefined()
      await committed(commitOf(next(run), { started: ['command-2'] }))
      expect(await store.runThatStarted('command-2')).toBe('run-1')
    })

    test('is not noted by a commit that is refused', async () => {
      await committed(commitOf(aRun('run-1')))
      await store.commit({ ...commitOf(aRun('run-1'), { started: ['command-1'] }), id: 'another' })
      expect(await store.runThatStarted('command-1')).toBeUndefined()
    })
  })

  describe('the list', () => {
    beforeEach(async () => {
      const at = (minute: number) => `2026-08-01T12:0${minute}:00.000Z`
      await committed(commitOf(aRun('run-b', { startedAt: at(1), state: 'closed', outcome: 'remediated' })))
      await committed(commitOf(aRun('run-c', { startedAt: at(0), state: 'waiting' })))
      await committed(commitOf(aRun('run-a', { startedAt: at(1) })))
    })
    const ids = async (filter?: Parameters<RunStore['list']>[0]) =>
      (await store.list(filter)).map(({ id }) => id)

    test('is newest first: by start, then by id', async () => {
      expect(await ids()).toEqual(['run-b', 'run-a', 'run-c'])
    })

    test('is filtered by state and cut after the newest', async () => {
      expect(await ids({ state: ['open', 'waiting'] })).toEqual(['run-a', 'run-c'])
      expect(await ids({ state: [] })).toEqual([])
      expect(await ids({ limit: 1 })).toEqual(['run-b'])
      expect(await ids({ state: ['waiting', 'closed'], limit: 1 })).toEqual(['run-b'])
    })
  })

  describe('a long list', () => {
    const many = Array.from({ length: 130 }, (_, n) => `run-${String(n).padStart(3, '0')}`)
    // Filled once, for it is only read.
    let long: RunStore
    beforeAll(async () => {
      long = await make()
      for (const [n, id] of many.entries()) {
        // Several at each moment, so that pages end among them.
        const startedAt = new Date(NOW + Math.floor(n / 7) * 1000).toISOString()
        const state = n % 3 === 0 ? ('open' as const) : ('closed' as const)
        const run = aRun(id, { startedAt, state, mode: n % 13 === 0 ? 'approve' : 'auto' })
        expect(await long.commit(commitOf(run))).toEqual(COMMITTED)
      }
    })
    afterAll(() => long.close())
    const newest = many.toReversed()
    const ids = async (filter?: Parameters<RunStore['list']>[0]) =>
      (await long.list(filter)).map(({ id }) => id)

    test('has each run once, whatever is asked of each', async () => {
      expect(await ids()).toEqual(newest)
      expect(await ids({ where: () => true })).toEqual(newest)
      expect(await ids({ where: () => true, limit: 120 })).toEqual(newest.slice(0, 120))
    })

    test('goes on until as many are found as are wanted', async () => {
      const asked = newest.filter((id) => Number(id.slice(4)) % 13 === 0)
      const where = ({ mode }: { mode: unknown }) => mode === 'approve'
      expect(await ids({ where, limit: 9 })).toEqual(asked.slice(0, 9))
      expect(await ids({ where })).toEqual(asked)
    })

    test('asks of each newest first', async () => {
      const asked: string[] = []
      expect(await ids({ where: ({ id }) => asked.push(id) === 0 })).toEqual([])
      expect(asked).toEqual(newest)
    })

    test('ends at a time', async () => {
      expect(await ids({ since: NOW + 18_000 })).toEqual(newest.slice(0, 4))
      expect(await ids({ since: NOW + 18_000, state: ['open'] })).toEqual(['run-129', 'run-126'])
      expect(await ids({ since: NOW + 999_000 })).toEqual([])
    })
  })

  describe('a run over 300 kB', () => {
    const sized = (bytes: number) => {
      const empty = Buffer.byteLength(JSON.stringify(aRun('run-1', { reason: '' })))
      return aRun('run-1', { reason: 'x'.repeat(bytes - empty) })
    }

    test('is refused by its bytes, and the largest that fits is not', async () => {
      await expect(store.commit(commitOf(sized(MAX_RUN_BYTES + 1)))).rejects.toThrow(RunTooLarge)
      await expect(store.commit(commitOf(aRun('run-1', { reason: 'é'.repeat(150_000) })))).rejects.toThrow(
        RunTooLarge,
      )
      expect(await store.get('run-1')).toBeUndefined()
      await committed(commitOf(sized(MAX_RUN_BYTES)))
    })

    test('is stored all the same once it holds its lock: what was changed must not be lost', async () => {
      await committed(commitOf(aRun('run-1'), { lock: taking('me') }))
      await committed(commitOf(next(sized(MAX_RUN_BYTES + 1)), { lock: { op: 'release', resource: GROUP } }))
    })
  })
}
