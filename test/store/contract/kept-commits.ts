import { describe, expect, test } from '@jest/globals'
import { aHold, aRun, commitOf, GROUP, NOW, PLAYBOOK, SET, taking } from '../example-commits.ts'
import { committed, conflict, next, store } from './store-under-test.ts'

/** Of a commit: all or nothing, once, and by its conditions. */
export function keepsCommits(): void {
  describe('a commit', () => {
    test('stores the run as it is, and nothing is there before', async () => {
      expect(await store.get('run-1')).toBeUndefined()
      await committed(commitOf(aRun('run-1')))
      expect(await store.get('run-1')).toEqual(aRun('run-1'))
    })

    test('keeps a copy of its own, and gives copies', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run))
      run.reason = 'changed by the caller'
      const read = await store.get('run-1')
      if (read) read.findings = []
      expect(await store.get('run-1')).toEqual(aRun('run-1'))
    })

    test('is refused when the run exists already', async () => {
      await committed(commitOf(aRun('run-1')))
      const again = commitOf(aRun('run-1', { reason: 'another' }), { id: 'other-id' })
      expect(await store.commit(again)).toEqual(conflict('revision'))
    })

    test('is refused when the run is not at the revision that was read', async () => {
      const run = aRun('run-1')
      expect(await store.commit(commitOf(next(run)))).toEqual(conflict('revision'))
      await committed(commitOf(run))
      await committed(commitOf(next(run)))
      const late = commitOf(next(run, { reason: 'late' }), { id: 'other-id' })
      expect(await store.commit(late)).toEqual(conflict('revision'))
      expect((await store.get('run-1'))?.reason).toBe(run.reason)
    })

    test('whose answer was lost may be sent again: it succeeds and changes nothing', async () => {
      const run = aRun('run-1')
      const first = commitOf(run, { audit: [{ at: run.startedAt, event: 'started' }], lock: taking('me') })
      await committed(first)
      await committed(first)
      expect(await store.audit('run-1')).toHaveLength(1)
      await committed(commitOf(next(run), { lock: { op: 'release', resource: GROUP } }))
      await committed(first)
      expect((await store.get('run-1'))?.revision).toBe(2)
      expect((await store.lock(GROUP)).lockedBy).toBeUndefined()
    })

    test('of another driver under the same id does not pass for the stored one', async () => {
      await committed(commitOf(aRun('run-1'), { lock: taking('me') }))
      expect(await store.commit(commitOf(aRun('run-1'), { lock: taking('you') }))).toEqual(
        conflict('revision'),
      )
      expect((await store.lock(GROUP)).lockedBy?.owner).toBe('me')
    })

    test('that breaks a condition stores nothing of all that it brings', async () => {
      await committed(commitOf(aRun('holder'), { lock: taking('holder') }))
      const refused = commitOf(aRun('run-1'), {
        expect: { newest: null },
        lock: taking('me'),
        audit: [{ at: aRun('run-1').startedAt, event: 'started' }],
        timeBoxes: [
          {
            op: 'put',
            timeBox: aHold('198.51.100.7/32', 'run-1', NOW),
          },
        ],
        undone: { run: 'holder', by: 'run-1' },
      })
      expect(await store.commit(refused)).toEqual(conflict('lock'))
      expect(await store.get('run-1')).toBeUndefined()
      expect(await store.newest(PLAYBOOK, GROUP)).toBeUndefined()
      expect(await store.audit('run-1')).toEqual([])
      expect(await store.timeBoxes(SET)).toEqual([])
      expect((await store.get('holder'))?.undoneBy).toBeUndefined()
    })

    test('that undoes a run nobody knows is the caller’s mistake, and stores nothing', async () => {
      const undo = commitOf(aRun('run-1'), { undone: { run: 'nobody', by: 'run-1' } })
      await expect(store.commit(undo)).rejects.toMatchObject({ name: 'StoreError', kind: 'misuse' })
      expect(await store.get('run-1')).toBeUndefined()
    })

    test('that undoes its own run is the caller’s mistake', async () => {
      const undo = commitOf(aRun('run-1'), { undone: { run: 'run-1', by: 'run-1' } })
      await expect(store.commit(undo)).rejects.toMatchObject({ kind: 'misuse' })
    })

    test('that skips a revision is the caller’s mistake', async () => {
      const skipping = commitOf(aRun('run-1', { revision: 2 }), { expect: { revision: 0 } })
      await expect(store.commit(skipping)).rejects.toMatchObject({ kind: 'misuse' })
    })

    test('marks the run that it undid, at its revision', async () => {
      const first = aRun('run-1', { state: 'closed', outcome: 'remediated' })
      await committed(commitOf(first))
      await committed(commitOf(aRun('run-2', { undoOf: 'run-1' }), { undone: { run: 'run-1', by: 'run-2' } }))
      expect(await store.get('run-1')).toEqual({ ...first, undoneBy: 'run-2' })
    })

    test('appends to the audit in order', async () => {
      const run = aRun('run-1')
      await committed(
        commitOf(run, {
          audit: [
            { at: run.startedAt, event: 'started' },
            { at: run.startedAt, event: 'planned' },
          ],
        }),
      )
      await committed(
        commitOf(next(run), {
          audit: [{ at: run.startedAt, event: 'closed', by: 'me', detail: { outcome: 'off' } }],
        }),
      )
      expect((await store.audit('run-1')).map(({ event }) => event)).toEqual(['started', 'planned', 'closed'])
      expect((await store.audit('run-1'))[2]).toEqual({
        at: run.startedAt,
        event: 'closed',
        by: 'me',
        detail: { outcome: 'off' },
      })
      expect(await store.audit('run-2')).toEqual([])
    })
  })
}
