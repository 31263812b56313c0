import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Run } from '../../src/run/run.ts'
import type { Commit, RunStore } from '../../src/run/store.ts'
import { MAX_RUN_BYTES, RunTooLarge } from '../../src/store/store-error.ts'
import { FURTHER, MOST_HOLDERS } from '../../src/store/time-boxes.ts'
import {
  aFinding,
  aHold,
  approval,
  aRun,
  aWaitingRun,
  commitOf,
  decline,
  GROUP,
  NOW,
  PLAYBOOK,
  SET,
  taking,
} from './examples.ts'

const COMMITTED = { kind: 'committed' }
const conflict = (on: string) => ({ kind: 'conflict', on })

/** What every run store promises. `make` gives an empty one. */
export function keepsTheContract(make: () => RunStore | Promise<RunStore>): void {
  let store: RunStore
  beforeEach(async () => {
    store = await make()
  })
  afterEach(() => store.close())

  const committed = async (commit: Commit) => expect(await store.commit(commit)).toEqual(COMMITTED)
  const next = (run: Run, more: Partial<Run> = {}): Run => ({ ...run, ...more, revision: run.revision + 1 })

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
