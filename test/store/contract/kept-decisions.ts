import { describe, expect, test } from '@jest/globals'
import type { Run } from '../../../src/run/run.ts'
import { approval, aRun, aWaitingRun, commitOf, decline, NOW } from '../example-commits.ts'
import { committed, conflict, next, store } from './store-under-test.ts'

/** Of decisions: whose word counts, about which plan, and until when. */
export function keepsDecisions(): void {
  describe('a decision', () => {
    const waiting = (more: Partial<Run> = {}) => committed(commitOf(aWaitingRun('run-1', 'sha256:a', more)))
    const quorumOfTwo = { approval: { quorum: 2, expiresAfter: 'PT4H', onExpiry: 'decline' as const } }

    test('is recorded with its round, and read with the run, whose revision stays', async () => {
      await waiting()
      const recorded = { ...approval('alice', 'sha256:a'), round: 1 }
      expect(await store.decide('run-1', approval('alice', 'sha256:a'), NOW)).toEqual({
        kind: 'recorded',
        decisions: [recorded],
      })
      expect(await store.get('run-1')).toMatchObject({ revision: 1, decisions: [recorded] })
    })

    test('is for a run that waits for an approval', async () => {
      const answer = (id: string) => store.decide(id, approval('alice', 'sha256:a'), NOW)
      await committed(commitOf(aRun('open')))
      await committed(commitOf(aWaitingRun('locked', 'sha256:a', { waitingFor: 'lock' })))
      await committed(commitOf(aWaitingRun('closed', 'sha256:a', { state: 'closed', outcome: 'declined' })))
      for (const id of ['open', 'locked', 'closed', 'nobody'])
        expect(await answer(id)).toEqual({ kind: 'notWaiting' })
    })

    test('comes late from the moment at which the wait ends', async () => {
      await waiting({ waitingUntil: new Date(NOW).toISOString() })
      expect(await store.decide('run-1', approval('alice', 'sha256:a'), NOW)).toEqual({ kind: 'late' })
      expect((await store.decide('run-1', approval('alice', 'sha256:a'), NOW - 1)).kind).toBe('recorded')
    })

    test('about another plan tells the hash that is asked about', async () => {
      await waiting()
      expect(await store.decide('run-1', approval('alice', 'sha256:b'), NOW)).toEqual({
        kind: 'otherHash',
        hash: 'sha256:a',
      })
      expect((await store.get('run-1'))?.decisions).toEqual([])
    })

    test('stands: a decline against everybody', async () => {
      await waiting(quorumOfTwo)
      await store.decide('run-1', decline('bob', 'sha256:a'), NOW)
      const stands = { kind: 'decided', decision: { ...decline('bob', 'sha256:a'), round: 1 } }
      expect(await store.decide('run-1', approval('alice', 'sha256:a'), NOW)).toEqual(stands)
      expect(await store.decide('run-1', decline('carol', 'sha256:a'), NOW)).toEqual(stands)
    })

    test('stands: a full quorum against a later decline', async () => {
      await waiting(quorumOfTwo)
      await store.decide('run-1', approval('alice', 'sha256:a'), NOW)
      const second = await store.decide('run-1', approval('bob', 'sha256:a'), NOW)
      expect(second.kind === 'recorded' && second.decisions.map(({ by }) => by)).toEqual(['alice', 'bob'])
      expect(await store.decide('run-1', decline('carol', 'sha256:a'), NOW)).toMatchObject({
        kind: 'decided',
        decision: { by: 'bob', verdict: 'approve' },
      })
    })

    test('of one person counts once, and a decline still goes through below the quorum', async () => {
      await waiting(quorumOfTwo)
      await store.decide('run-1', approval('alice', 'sha256:a'), NOW)
      expect(await store.decide('run-1', approval('alice', 'sha256:a'), NOW)).toMatchObject({
        kind: 'decided',
        decision: { by: 'alice' },
      })
      expect((await store.decide('run-1', decline('bob', 'sha256:a'), NOW)).kind).toBe('recorded')
    })

    test('of two sessions of one role counts once; a decline by the other session goes through', async () => {
      const session = (name: string) => `arn:aws:sts::111122223333:assumed-role/Ops/${name}`
      await waiting(quorumOfTwo)
      await store.decide('run-1', approval(session('me'), 'sha256:a'), NOW)
      expect(await store.decide('run-1', approval(session('me-too'), 'sha256:a'), NOW)).toMatchObject({
        kind: 'decided',
        decision: { by: session('me') },
      })
      expect((await store.decide('run-1', decline(session('bob'), 'sha256:a'), NOW)).kind).toBe('recorded')
    })

    test('of two at once: one is recorded', async () => {
      await waiting()
      const both = [decline('bob', 'sha256:a'), approval('alice', 'sha256:a')].map((made) =>
        store.decide('run-1', made, NOW),
      )
      expect((await Promise.all(both)).map(({ kind }) => kind).sort()).toEqual(['decided', 'recorded'])
      expect((await store.get('run-1'))?.decisions).toHaveLength(1)
    })

    test('is void in a new round, even for the same hash', async () => {
      await waiting()
      await store.decide('run-1', decline('bob', 'sha256:a'), NOW)
      const declined = await store.get('run-1')
      await committed(commitOf(next(declined ?? aRun('missing'), { round: 2 })))
      const again = await store.decide('run-1', approval('bob', 'sha256:a'), NOW)
      expect(
        again.kind === 'recorded' && again.decisions.map(({ round, verdict }) => [round, verdict]),
      ).toEqual([
        [1, 'decline'],
        [2, 'approve'],
      ])
    })

    test('about an earlier plan does not count for the one that is asked about', async () => {
      await waiting()
      await store.decide('run-1', decline('bob', 'sha256:a'), NOW)
      const { decisions } = (await store.get('run-1')) ?? aRun('missing')
      await committed(commitOf(next(aWaitingRun('run-1', 'sha256:b', { decisions }))))
      expect((await store.decide('run-1', approval('bob', 'sha256:b'), NOW)).kind).toBe('recorded')
    })

    test('is not lost to a commit that was made without it', async () => {
      await waiting()
      const before = await store.get('run-1')
      await store.decide('run-1', approval('alice', 'sha256:a'), NOW)
      const expiring = next(before ?? aRun('missing'), { state: 'closed', outcome: 'expired' })
      expect(await store.commit(commitOf(expiring))).toEqual(conflict('revision'))
      const seen = await store.get('run-1')
      await committed(commitOf(next(seen ?? aRun('missing'), { state: 'open' })))
      expect((await store.get('run-1'))?.decisions).toHaveLength(1)
    })

    const people = [{ name: 'ann', slack: 'U0ANN', iam: ['arn:aws:iam::*:user/ann'] }]
    const [ANN, ANN_IN_SLACK] = ['arn:aws:iam::111122223333:user/ann', 'slack:T0ACME:U0ANN']
    const ofPeople = { approval: { ...quorumOfTwo.approval, people } }

    test('of one person counts once, by whichever identity; a decline by the other goes through', async () => {
      await waiting(ofPeople)
      await store.decide('run-1', approval(ANN, 'sha256:a'), NOW)
      expect(await store.decide('run-1', approval(ANN_IN_SLACK, 'sha256:a'), NOW)).toMatchObject({
        kind: 'decided',
        decision: { by: ANN },
      })
      expect((await store.decide('run-1', decline(ANN_IN_SLACK, 'sha256:a'), NOW)).kind).toBe('recorded')
    })

    test('stands: an exemption against everybody', async () => {
      await waiting()
      const exemption = {
        ...decline('bob', 'sha256:a'),
        verdict: 'exempt' as const,
        until: '2026-09-01T12:00:00.000Z',
      }
      await store.decide('run-1', exemption, NOW)
      expect((await store.due(NOW)).runs.map(({ id }) => id)).toEqual(['run-1'])
      expect(await store.decide('run-1', approval('alice', 'sha256:a'), NOW)).toEqual({
        kind: 'decided',
        decision: { ...exemption, round: 1 },
      })
    })

    test('is not recorded on a run that is stored anew since the decision was allowed', async () => {
      await waiting()
      const read = (await store.get('run-1')) ?? aRun('missing')
      await committed(commitOf(next(read)))
      const by = (revision: number) => store.decide('run-1', approval('alice', 'sha256:a'), NOW, { revision })
      expect(await by(1)).toEqual({ kind: 'changed' })
      expect((await store.get('run-1'))?.decisions).toEqual([])
      expect((await by(2)).kind).toBe('recorded')
    })

    test('is told why it cannot be recorded, before that the run is stored anew', async () => {
      await waiting()
      const answer = (id: string, hash: string, now = NOW) =>
        store.decide(id, approval('alice', hash), now, { revision: 7 })
      expect([
        (await answer('nobody', 'sha256:a')).kind,
        (await answer('run-1', 'sha256:a', NOW + 3_600_000)).kind,
        (await answer('run-1', 'sha256:b')).kind,
      ]).toEqual(['notWaiting', 'late', 'otherHash'])
      await store.decide('run-1', decline('bob', 'sha256:a'), NOW)
      expect((await answer('run-1', 'sha256:a')).kind).toBe('decided')
    })
  })

  describe('a reason', () => {
    const { reason: _, ...without } = decline('bob', 'sha256:a')
    const given = (by = 'bob', reason = 'meant to be public') => store.giveReason('run-1', by, reason)
    const reasons = async () => (await store.get('run-1'))?.decisions.map(({ reason }) => reason)

    test('can be given to an own decline that has none, once, also when the run has ended by it', async () => {
      await committed(commitOf(aWaitingRun('run-1', 'sha256:a')))
      await store.decide('run-1', without, NOW)
      const read = (await store.get('run-1')) ?? aRun('missing')
      await committed(commitOf(next(read, { state: 'closed', outcome: 'declined' })))
      expect([await given('alice'), await given(), await given('bob', 'another')]).toEqual([
        'kept',
        'given',
        'kept',
      ])
      expect(await store.get('run-1')).toMatchObject({ state: 'closed', revision: 2 })
      expect(await reasons()).toEqual(['meant to be public'])
    })

    test('cannot be given to an approval, nor where nobody decided', async () => {
      await committed(commitOf(aWaitingRun('run-1', 'sha256:a')))
      expect(await given()).toBe('kept')
      await store.decide('run-1', approval('bob', 'sha256:a'), NOW)
      expect([await given(), await store.giveReason('nobody', 'bob', 'why')]).toEqual(['kept', 'kept'])
      expect(await reasons()).toEqual([undefined])
    })

    test('is not lost to a commit that was made without it', async () => {
      await committed(commitOf(aWaitingRun('run-1', 'sha256:a')))
      await store.decide('run-1', without, NOW)
      const read = (await store.get('run-1')) ?? aRun('missing')
      await given()
      const closing = next(read, { state: 'closed', outcome: 'declined' })
      expect(await store.commit(commitOf(closing))).toEqual(conflict('revision'))
      expect(await reasons()).toEqual(['meant to be public'])
    })
  })
}
