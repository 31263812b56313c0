import { beforeEach, describe, expect, test } from '@jest/globals'
import { aRun, commitOf, GROUP, NOW, taking } from '../example-commits.ts'
import { committed, conflict, next, store } from './store-under-test.ts'

/** Of the lock of a resource, and of the kill switch over all. */
export function keepsLocks(): void {
  describe('the lock', () => {
    const lockedBy = { run: 'run-1', owner: 'me', until: NOW + 180_000 }
    beforeEach(() => committed(commitOf(aRun('run-1'), { lock: taking('me') })))

    test('is free at epoch 0, held at the epoch of its claim, and a release raises the epoch', async () => {
      expect(await store.lock('arn:never-seen')).toEqual({ epoch: 0 })
      expect(await store.lock(GROUP)).toEqual({ epoch: 0, lockedBy })
      await committed(commitOf(next(aRun('run-1')), { lock: { op: 'release', resource: GROUP } }))
      expect(await store.lock(GROUP)).toEqual({ epoch: 1 })
    })

    test('is not taken from a holder', async () => {
      expect(await store.commit(commitOf(aRun('run-2'), { lock: taking('you') }))).toEqual(conflict('lock'))
    })

    test('is not taken with an epoch from before a release', async () => {
      await committed(commitOf(next(aRun('run-1')), { lock: { op: 'release', resource: GROUP } }))
      expect(await store.commit(commitOf(aRun('run-2'), { lock: taking('you') }))).toEqual(conflict('lock'))
      await committed(commitOf(aRun('run-2'), { lock: taking('you', { epoch: 1 }) }))
    })

    test('is not freed because its lease ran out: a change may be pending under it', async () => {
      const late = { until: lockedBy.until + 999_000 }
      expect(await store.commit(commitOf(aRun('run-2'), { lock: taking('you', late) }))).toEqual(
        conflict('lock'),
      )
    })

    test('is taken again by its own run, which raises the epoch only under another owner', async () => {
      const run = next(aRun('run-1'))
      await committed(commitOf(run, { lock: taking('me', { until: NOW + 200_000 }) }))
      expect(await store.lock(GROUP)).toEqual({ epoch: 0, lockedBy: { ...lockedBy, until: NOW + 200_000 } })
      await committed(commitOf(next(run), { lock: taking('my successor') }))
      expect(await store.lock(GROUP)).toEqual({ epoch: 1, lockedBy: { ...lockedBy, owner: 'my successor' } })
    })

    test('is renewed by its run and owner only', async () => {
      const renew = { op: 'renew' as const, resource: GROUP, owner: 'me', until: NOW + 999_000 }
      await committed(commitOf(next(aRun('run-1')), { lock: renew }))
      expect((await store.lock(GROUP)).lockedBy?.until).toBe(NOW + 999_000)
      expect(await store.commit(commitOf(aRun('run-2'), { lock: renew }))).toEqual(conflict('lock'))
      const foreign = commitOf(next(next(aRun('run-1'))), { lock: { ...renew, owner: 'you' } })
      expect(await store.commit(foreign)).toEqual(conflict('lock'))
    })

    test('is released by its run only, and only while it has it', async () => {
      const release = { op: 'release' as const, resource: GROUP }
      expect(await store.commit(commitOf(aRun('run-2'), { lock: release }))).toEqual(conflict('lock'))
      await committed(commitOf(next(aRun('run-1')), { lock: release }))
      expect(await store.commit(commitOf(next(next(aRun('run-1'))), { lock: release }))).toEqual(
        conflict('lock'),
      )
    })
  })

  describe('the kill switch', () => {
    test('is off until somebody sets it', async () => {
      expect(await store.control()).toEqual({ paused: false })
    })

    test('tells who set it, when and why, and the last word stands', async () => {
      const pause = { paused: true, by: 'alice', at: new Date(NOW).toISOString(), reason: 'incident 7' }
      await store.setControl(pause)
      expect(await store.control()).toEqual(pause)
      await store.setControl({ paused: false, by: 'bob' })
      expect(await store.control()).toEqual({ paused: false, by: 'bob' })
    })
  })
}
