import { describe, expect, test } from '@jest/globals'
import { FURTHER, MOST_HOLDERS } from '../../../src/store/time-boxes.ts'
import { aHold, aRun, commitOf, NOW, SET } from '../example-commits.ts'
import { committed, next, store } from './store-under-test.ts'

/** Of time-boxed entries of sets. */
export function keepsTimeBoxes(): void {
  describe('holds', () => {
    const timeBox = aHold
    const one = '198.51.100.1/32'
    const two = '198.51.100.2/32'
    const put = (...timeBoxes: ReturnType<typeof timeBox>[]) =>
      timeBoxes.map((each) => ({ op: 'put' as const, timeBox: each }))

    test('are read by set and entry', async () => {
      await committed(
        commitOf(aRun('run-1'), { timeBoxes: put(timeBox(two, 'run-1', NOW), timeBox(one, 'run-1', NOW)) }),
      )
      await committed(commitOf(aRun('run-2'), { timeBoxes: put(timeBox(two, 'run-2', NOW + 1)) }))
      expect(await store.timeBoxes(SET)).toEqual([
        timeBox(one, 'run-1', NOW),
        timeBox(two, 'run-1', NOW),
        timeBox(two, 'run-2', NOW + 1),
      ])
      expect(await store.timeBoxes(SET, [two])).toHaveLength(2)
      expect(await store.timeBoxes(SET, [])).toEqual([])
      expect(await store.timeBoxes('arn:another-set')).toEqual([])
    })

    // The same attacker again before expiry.
    test('put again by the same run are extended, not doubled', async () => {
      const run = aRun('run-1')
      await committed(commitOf(run, { timeBoxes: put(timeBox(one, 'run-1', NOW)) }))
      await committed(commitOf(next(run), { timeBoxes: put(timeBox(one, 'run-1', NOW + 5)) }))
      expect(await store.timeBoxes(SET)).toEqual([timeBox(one, 'run-1', NOW + 5)])
    })

    test('only-if-ours join the holders of an entry of ours, with its maker, and leave others’ entries alone', async () => {
      await committed(commitOf(aRun('run-1'), { timeBoxes: put(timeBox(one, 'run-1', NOW, 'maker')) }))
      const joining = [one, two].map((entry) => ({
        op: 'put' as const,
        timeBox: timeBox(entry, 'run-2', NOW + 9),
        onlyIfOurs: true,
      }))
      await committed(commitOf(aRun('run-2'), { timeBoxes: joining }))
      expect(await store.timeBoxes(SET)).toEqual([
        timeBox(one, 'run-1', NOW, 'maker'),
        timeBox(one, 'run-2', NOW + 9, 'maker'),
      ])
    })

    test('that have ended go when the entry is held again, which keeps its maker; others’ and other entries’ stay', async () => {
      const before = put(
        timeBox(one, 'run-0', NOW, 'maker'),
        timeBox(one, 'run-1', NOW + 1, 'maker'),
        timeBox(two, 'run-0', NOW, 'maker'),
      )
      await committed(commitOf(aRun('run-1'), { timeBoxes: before }))
      const again = {
        op: 'put' as const,
        timeBox: timeBox(one, 'run-2', NOW + 9),
        onlyIfOurs: true,
        now: NOW,
      }
      await committed(commitOf(aRun('run-2'), { timeBoxes: [again] }))
      expect(await store.timeBoxes(SET)).toEqual([
        timeBox(one, 'run-1', NOW + 1, 'maker'),
        timeBox(one, 'run-2', NOW + 9, 'maker'),
        timeBox(two, 'run-0', NOW, 'maker'),
      ])
      const last = { ...again, timeBox: timeBox(one, 'run-3', NOW + 99), now: NOW + 9 }
      await committed(commitOf(aRun('run-3'), { timeBoxes: [last] }))
      expect(await store.timeBoxes(SET, [one])).toEqual([timeBox(one, 'run-3', NOW + 99, 'maker')])
    })

    test('join the maker of the hold that ends last', async () => {
      const before = put(timeBox(one, 'run-1', NOW, 'first'), timeBox(one, 'run-2', NOW + 1, 'second'))
      await committed(commitOf(aRun('run-1'), { timeBoxes: before }))
      const joining = { op: 'put' as const, timeBox: timeBox(one, 'run-0', NOW), onlyIfOurs: true }
      await committed(commitOf(aRun('run-3'), { timeBoxes: [joining] }))
      expect(await store.timeBoxes(SET)).toContainEqual(timeBox(one, 'run-0', NOW, 'second'))
    })

    test('of one key are one, that of its newest run', async () => {
      const key = `${SET}#finding-1`
      await committed(commitOf(aRun('run-1'), { timeBoxes: put({ ...timeBox(one, 'run-1', NOW), key }) }))
      const again = { ...timeBox(one, 'run-2', NOW + 9), key }
      await committed(
        commitOf(aRun('run-2'), {
          timeBoxes: [{ op: 'put', timeBox: again, onlyIfOurs: true, now: NOW - 1 }],
        }),
      )
      expect(await store.timeBoxes(SET)).toEqual([{ ...again, madeBy: 'run-1' }])
      await committed(
        commitOf(aRun('run-3'), { timeBoxes: [{ op: 'drop', key, resource: SET, entry: one }] }),
      )
      expect(await store.timeBoxes(SET)).toEqual([])
    })

    test('beyond those that are told apart are one that ends with the last of them', async () => {
      const runs = Array.from({ length: MOST_HOLDERS + 3 }, (_, i) => `run-${String(i).padStart(2, '0')}`)
      for (const [i, run] of runs.entries()) {
        const later = { ...timeBox(one, run, NOW + 100 - (i % 2)), madeBy: 'maker' }
        await committed(commitOf(aRun(run), { timeBoxes: put(later) }))
      }
      const held = await store.timeBoxes(SET)
      expect(held.map(({ key }) => key)).toEqual([FURTHER, ...runs.slice(0, MOST_HOLDERS)])
      expect(held[0]).toMatchObject({ run: runs.at(-1), until: NOW + 100, madeBy: 'maker' })
      const known = timeBox(one, 'run-00', NOW + 200, 'maker')
      await committed(commitOf(next(aRun('run-00')), { timeBoxes: put(known) }))
      expect(await store.timeBoxes(SET)).toContainEqual(known)
    })

    test('on an entry are found in all sets', async () => {
      const other = { ...timeBox(one, 'run-2', NOW), resource: 'arn:another-set' }
      await committed(
        commitOf(aRun('run-1'), { timeBoxes: put(timeBox(one, 'run-1', NOW), timeBox(two, 'run-1', NOW)) }),
      )
      await committed(commitOf(aRun('run-2'), { timeBoxes: put(other) }))
      expect(await store.timeBoxesOn(one)).toEqual([other, timeBox(one, 'run-1', NOW)])
      expect(await store.timeBoxesOn('198.51.100.3/32')).toEqual([])
    })

    test('of which the last ends instead of being dropped, where its entry is in the set still', async () => {
      await committed(
        commitOf(aRun('run-1'), {
          timeBoxes: put(timeBox(one, 'run-1', NOW + 9), timeBox(one, 'run-2', NOW + 9)),
        }),
      )
      const drop = (key: string) => ({ op: 'drop' as const, key, resource: SET, entry: one, endsAt: NOW })
      await committed(commitOf(aRun('run-3'), { timeBoxes: [drop('run-1')] }))
      expect(await store.timeBoxes(SET)).toEqual([timeBox(one, 'run-2', NOW + 9)])
      await committed(commitOf(aRun('run-4'), { timeBoxes: [drop('run-2')] }))
      expect(await store.timeBoxes(SET)).toEqual([timeBox(one, 'run-2', NOW)])
    })

    test('are dropped for one run, the other holders stay', async () => {
      await committed(
        commitOf(aRun('run-1'), { timeBoxes: put(timeBox(one, 'run-1', NOW), timeBox(one, 'run-2', NOW)) }),
      )
      await committed(
        commitOf(aRun('run-2'), { timeBoxes: [{ op: 'drop', key: 'run-1', resource: SET, entry: one }] }),
      )
      expect(await store.timeBoxes(SET)).toEqual([timeBox(one, 'run-2', NOW)])
    })

    test('are due from the moment at which they end, the oldest first', async () => {
      const timeBoxes = put(
        timeBox(one, 'run-1', NOW + 1),
        timeBox(two, 'run-1', NOW),
        timeBox(one, 'run-2', NOW - 5),
      )
      await committed(commitOf(aRun('run-1'), { timeBoxes }))
      expect(await store.timeBoxesDue(NOW)).toEqual([
        timeBox(one, 'run-2', NOW - 5),
        timeBox(two, 'run-1', NOW),
      ])
      expect(await store.timeBoxesDue(NOW - 6)).toEqual([])
    })
  })

  describe('holds that are put off', () => {
    const timeBox = aHold('198.51.100.1/32', 'run-1', NOW)
    const putOff = { ...timeBox, notBefore: NOW + 5 }
    const putItOff = () => committed(commitOf(aRun('run-1'), { timeBoxes: [{ op: 'put', timeBox: putOff }] }))

    test('keep their end, and are due when they may be tried again', async () => {
      await putItOff()
      expect(await store.timeBoxes(SET)).toEqual([putOff])
      expect(await store.timeBoxesDue(NOW + 4)).toEqual([])
      expect(await store.timeBoxesDue(NOW + 5)).toEqual([putOff])
    })

    test('are not due before their end', async () => {
      const early = { ...timeBox, notBefore: NOW - 5 }
      await committed(commitOf(aRun('run-1'), { timeBoxes: [{ op: 'put', timeBox: early }] }))
      expect(await store.timeBoxesDue(NOW - 1)).toEqual([])
      expect(await store.timeBoxesDue(NOW)).toEqual([early])
    })

    test('are put off no longer when their run holds the entry again', async () => {
      await putItOff()
      await committed(commitOf(next(aRun('run-1')), { timeBoxes: [{ op: 'put', timeBox }] }))
      expect(await store.timeBoxes(SET)).toEqual([timeBox])
      expect(await store.timeBoxesDue(NOW)).toEqual([timeBox])
    })

    test('go like all others that have ended when somebody else holds the entry', async () => {
      await putItOff()
      const other = { ...aHold(timeBox.entry, 'run-2', NOW + 9), madeBy: 'run-1' }
      const change = { op: 'put' as const, timeBox: other, onlyIfOurs: true, now: NOW }
      await committed(commitOf(aRun('run-2'), { timeBoxes: [change] }))
      expect(await store.timeBoxes(SET)).toEqual([other])
    })
  })
}
