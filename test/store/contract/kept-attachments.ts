import { describe, expect, test } from '@jest/globals'
import { aFinding, aRun, commitOf } from '../example-commits.ts'
import { COMMITTED, committed, conflict, next, store } from './store-under-test.ts'

/** Of findings that join a run. */
export function keepsAttachments(): void {
  describe('attached findings', () => {
    test('come back in order, each id and version once', async () => {
      await committed(commitOf(aRun('run-1')))
      expect(await store.attach('run-1', [aFinding('b'), aFinding('a')])).toBe('attached')
      expect(
        await store.attach('run-1', [aFinding('a'), aFinding('a', '2026-08-01T12:30:00.000Z#0000000002')]),
      ).toBe('attached')
      expect(
        (await store.attached('run-1')).map(({ id, version }) => `${id} ${version.slice(11, 16)}`),
      ).toEqual(['b 11:59', 'a 11:59', 'a 12:30'])
      expect(await store.attached('run-2')).toEqual([])
    })

    test('with the same id and version stay as they came first', async () => {
      await committed(commitOf(aRun('run-1')))
      await store.attach('run-1', [aFinding('a'), aFinding('b')])
      await store.attach('run-1', [{ ...aFinding('a'), title: 'told again in other words' }])
      expect(await store.attached('run-1')).toEqual([aFinding('a'), aFinding('b')])
    })

    test('stop a close that did not see them, and the close that did goes through', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run))
      await store.attach('run-1', [aFinding('a')])
      const closing = next(run, { state: 'closed', outcome: 'remediated' })
      expect(await store.commit(commitOf(closing, { expect: { attached: 0 } }))).toEqual(conflict('attached'))
      await committed(commitOf(closing, { expect: { attached: 1 } }))
    })

    test('are turned away by a closed run, so of attach and close at once only one wins', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run))
      const close = store.commit(
        commitOf(next(run, { state: 'closed', outcome: 'remediated' }), { expect: { attached: 0 } }),
      )
      const attach = store.attach('run-1', [aFinding('a')])
      const answers = [await close, await attach]
      const attached = await store.attached('run-1')
      if (attached.length === 0) expect(answers).toEqual([COMMITTED, 'closed'])
      else expect(answers).toEqual([conflict('attached'), 'attached'])
    })

    test('cannot be attached to a run nobody knows', async () => {
      await expect(store.attach('nobody', [aFinding('a')])).rejects.toMatchObject({ kind: 'misuse' })
    })
  })
}
