import { describe, expect, test } from '@jest/globals'
import type { ToldEnd } from '../../../src/run/told-detector.ts'
import { aFinding, aRun, commitOf } from '../example-commits.ts'
import { committed, store } from './store-under-test.ts'

const AT = '2026-08-01T12:00:00.000Z'

/** Of what detectors were told of a run's end. */
export function keepsWhatWasTold(): void {
  describe('what detectors were told', () => {
    const refused: ToldEnd = { to: 'securityhub', at: AT, ok: false, reason: 'denied' }
    const resolved: ToldEnd = { to: 'securityhub', at: AT, ok: true, said: 'RESOLVED' }
    const evaluated: ToldEnd = { to: 'config', at: AT, ok: true, said: 'evaluation' }

    test('is one word to each, the last, in the order of their names, and of that run only', async () => {
      await committed(commitOf(aRun('run-1')))
      expect(await store.told('run-1')).toEqual([])
      await store.putTold('run-1', refused)
      expect(await store.told('run-1')).toEqual([refused])
      await store.putTold('run-1', resolved)
      await store.putTold('run-1', evaluated)
      expect(await store.told('run-1')).toEqual([evaluated, resolved])
      expect(await store.told('run-2')).toEqual([])
    })

    test('is apart for a finding that came after the end', async () => {
      await committed(commitOf(aRun('run-1')))
      const late = { ...resolved, late: aFinding('late') }
      await store.putTold('run-1', late)
      await store.putTold('run-1', refused)
      expect(await store.told('run-1')).toEqual([refused, late])
    })

    test('changes nothing of the run', async () => {
      await committed(commitOf(aRun('run-1')))
      const all = async () => [await store.get('run-1'), await store.audit('run-1'), await store.list()]
      const before = await all()
      await store.putTold('run-1', resolved)
      expect(await all()).toEqual(before)
    })
  })
}
