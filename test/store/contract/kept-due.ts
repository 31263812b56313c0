import { describe, expect, test } from '@jest/globals'
import { runsOfFinding, waitersOf } from '../../../src/run/found-by.ts'
import { aFinding, approval, aRun, aWaitingRun, commitOf, NOW } from '../example-commits.ts'
import { committed, next, store } from './store-under-test.ts'

const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id)

/** Of what somebody has to see to. */
export function keepsWhatIsDue(): void {
  describe('what is due', () => {
    test('is told from its time on, the longest due first', async () => {
      await committed(commitOf(aRun('run-1'), { due: NOW + 5 }))
      await committed(commitOf(aRun('run-2'), { due: NOW + 3 }))
      await committed(commitOf(aRun('run-3')))
      expect((await store.due(NOW + 2)).runs).toEqual([])
      expect(idsOf((await store.due(NOW + 3)).runs)).toEqual(['run-2'])
      expect(idsOf((await store.due(NOW + 9)).runs)).toEqual(['run-2', 'run-1'])
    })

    test('comes page by page, each run once, also where many are due at one moment', async () => {
      const ids = Array.from({ length: 23 }, (_, i) => `run-${String(i).padStart(2, '0')}`)
      for (const id of ids) await committed(commitOf(aRun(id), { due: NOW }))
      const seen: string[] = []
      let from: string | undefined
      let pages = 0
      do {
        const page = await store.due(NOW, { limit: 5, ...(from !== undefined && { from }) })
        seen.push(...idsOf(page.runs))
        from = page.next
        pages += 1
      } while (from !== undefined)
      expect(seen).toEqual(ids)
      expect(pages).toBe(5)
    })

    test('is what the last commit says', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run, { due: NOW }))
      await committed(commitOf(next(run), { due: NOW + 5 }))
      expect((await store.due(NOW)).runs).toEqual([])
      expect((await store.due(NOW + 5)).runs).toMatchObject([{ id: 'run-1', revision: 2 }])
      await committed(commitOf(next(next(run), { state: 'closed', outcome: 'remediated' })))
      expect((await store.due(NOW + 5)).runs).toEqual([])
    })

    test('is a run at once that somebody has decided about, and not before its quorum is full', async () => {
      const terms = { quorum: 2, expiresAfter: 'PT1H', onExpiry: 'decline' as const }
      const run = aWaitingRun('run-1', 'h', { approval: terms })
      await committed(commitOf(run, { due: NOW + 100 }))
      await store.decide('run-1', approval('ann', 'h'), NOW)
      expect((await store.due(NOW)).runs).toEqual([])
      await store.decide('run-1', approval('bob', 'h'), NOW)
      expect(idsOf((await store.due(NOW)).runs)).toEqual(['run-1'])
    })
  })

  describe('what finds a run', () => {
    test('finds it until it is dropped, and of several the one that started first first', async () => {
      const [late, early] = [aRun('run-1', { startedAt: '2026-08-01T12:00:05.000Z' }), aRun('run-2')]
      await committed(commitOf(late, { foundBy: { add: ['lock a', 'undo b'], drop: [] } }))
      await committed(commitOf(early, { foundBy: { add: ['lock a'], drop: [] } }))
      expect(await store.foundBy('lock a')).toEqual(['run-2', 'run-1'])
      expect(await store.foundBy('lock a', { limit: 1 })).toEqual(['run-2'])
      expect(await store.foundBy('undo b')).toEqual(['run-1'])
      expect(await store.foundBy('lock')).toEqual([])
      await committed(commitOf(next(early), { foundBy: { add: [], drop: ['lock a'] } }))
      expect(await store.foundBy('lock a')).toEqual(['run-1'])
    })

    test('may be any number of findings: it can end all the same', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run))
      const keys = Array.from({ length: 150 }, (_, n) => runsOfFinding(run.playbook, `finding-${n}`))
      const findings = keys.map((_, n) => ({ ...aFinding(`finding-${n}`), resources: [] }))
      await store.attach('run-1', findings)
      expect(await store.foundBy(keys.at(-1)!)).toEqual(['run-1'])
      const waiting = waitersOf(run.resource)
      await committed(commitOf(next(run), { foundBy: { add: [waiting], drop: [] } }))
      const ended = next(next(run), { state: 'closed', outcome: 'remediated' })
      await committed(commitOf(ended, { foundBy: { add: [], drop: [...keys, waiting] } }))
      expect(await store.foundBy(waiting)).toEqual([])
    })

    test('is also a finding that joins it and does not name its resource', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run))
      const named = { ...aFinding('named'), resources: [{ type: 'any', id: run.target.id }] }
      await store.attach('run-1', [named, { ...aFinding('account'), resources: [] }])
      expect(await store.foundBy(runsOfFinding(run.playbook, 'account'))).toEqual(['run-1'])
      expect(await store.foundBy(runsOfFinding(run.playbook, 'named'))).toEqual([])
    })
  })
}
