/** The conditions of the run store, as values in and values out: the same for every database. */

import { sameJson } from '../playbook/json.ts'
import { countedAs } from '../run/people.ts'
import type { Decision, Run } from '../run/run.ts'
import type { Commit, DecisionResult, Lock } from '../run/store.ts'
import { isDecided, tally } from '../run/tally.ts'

export type LockChange = NonNullable<Commit['lock']>

/**
 * The lock after a change by a run, or undefined when the change may not be made.
 *
 * A lease is never freed because it ran out: a change may be pending under it. Whoever finds one whose owner is dead
 * or late wakes its run, which takes its own lock again; under a new owner that raises the epoch, as a release does:
 * whoever looked at the resource under the old one must look again.
 */
export function lockAfter(lock: Lock, run: string, change: LockChange): Lock | undefined {
  const { epoch, lockedBy } = lock
  switch (change.op) {
    case 'take': {
      const free = !lockedBy || lockedBy.run === run
      if (!free || epoch !== change.epoch) return undefined
      const takenOver = lockedBy !== undefined && lockedBy.owner !== change.owner
      return {
        epoch: takenOver ? epoch + 1 : epoch,
        lockedBy: { run, owner: change.owner, until: change.until },
      }
    }
    case 'renew':
      if (lockedBy?.run !== run || lockedBy.owner !== change.owner) return undefined
      return { epoch, lockedBy: { ...lockedBy, until: change.until } }
    case 'release':
      return lockedBy?.run === run ? { epoch: epoch + 1 } : undefined
  }
}

/**
 * Whether the writer of a run knew every decision that is stored: decisions come from outside, between two commits,
 * and a commit that did not see one would lose it.
 */
export function knowsDecisions(run: Run, stored: Pick<Run, 'decisions'> | undefined): boolean {
  const known = stored?.decisions ?? []
  return sameJson(run.decisions.slice(0, known.length), known)
}

/** What a decision makes of a run, which is due when that decides it; or why it may not be recorded. */
export type WithDecision =
  | { before: Run; run: Run; isDue: boolean }
  | { refused: Exclude<DecisionResult, { kind: 'recorded' }> }

/** The run with a decision of its round, at `now` (ms since 1970, UTC); `expect` as of `RunStore.decide`. */
export function withDecision(
  before: Run | undefined,
  decision: Decision,
  now: number,
  expect?: { revision: number },
): WithDecision {
  if (before?.state !== 'waiting' || before.waitingFor !== 'approval' || !before.plan)
    return { refused: { kind: 'notWaiting' } }
  if (before.waitingUntil !== undefined && Date.parse(before.waitingUntil) <= now)
    return { refused: { kind: 'late' } }
  const { hash } = before.plan
  if (hash !== decision.hash) return { refused: { kind: 'otherHash', hash } }
  const standing = standingDecision(before, decision)
  if (standing) return { refused: { kind: 'decided', decision: standing } }
  if (expect && expect.revision !== before.revision) return { refused: { kind: 'changed' } }
  const run = { ...before, decisions: [...before.decisions, { ...decision, round: before.round }] }
  return { before, run, isDue: isDecided(run) }
}

/**
 * What stands against a further decision: a decline, a full quorum, or this person's own approval. Against an approval
 * also that by another identity of the person or another session of the role; a decline by it may be another person's
 * and goes through.
 */
function standingDecision(run: Run, made: Decision): Decision | undefined {
  const { declined, full, approvals } = tally(run)
  const who = (one: Decision) => (made.verdict === 'approve' ? countedAs(run, one) : one.by)
  return declined ?? full ?? approvals.find((approval) => who(approval) === who(made))
}

/** The decisions of a run with a reason for one that has none; undefined where there is none to give it to. */
export function withReason(
  { decisions }: Pick<Run, 'decisions'>,
  by: string,
  reason: string,
): Decision[] | undefined {
  const last = decisions.findLastIndex((made) => made.by === by && made.verdict !== 'approve')
  if (last < 0 || decisions[last]?.reason !== undefined) return undefined
  return decisions.map((made, index) => (index === last ? { ...made, reason } : made))
}
