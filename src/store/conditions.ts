/** The conditions of the run store, as values in and values out: the same for every database. */

import { sameJson } from '../playbook/json.ts'
import { identityOf } from '../run/identity.ts'
import type { Decision, Run } from '../run/run.ts'
import type { Commit, DecisionResult, Lock } from '../run/store.ts'
import { tally } from '../run/tally.ts'

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
export function knowsDecisions(run: Run, stored: Run | undefined): boolean {
  const known = stored?.decisions ?? []
  return sameJson(run.decisions.slice(0, known.length), known)
}

/** Why a decision may not be recorded on this run at `now` (ms since 1970, UTC), or undefined when it may. */
export function refusal(
  run: Run | undefined,
  decision: Decision,
  now: number,
): Exclude<DecisionResult, { kind: 'recorded' }> | undefined {
  if (run?.state !== 'waiting' || run.waitingFor !== 'approval' || !run.plan) return { kind: 'notWaiting' }
  if (run.waitingUntil !== undefined && Date.parse(run.waitingUntil) <= now) return { kind: 'late' }
  if (run.plan.hash !== decision.hash) return { kind: 'otherHash', hash: run.plan.hash }
  const standing = standingDecision(run, decision)
  return standing && { kind: 'decided', decision: standing }
}

/**
 * What stands against a further decision: a decline, a full quorum, or this person's own approval. Against an approval
 * also that of another session of the same role; a decline by it may be another person's and goes through.
 */
function standingDecision(run: Run, { by, verdict }: Decision): Decision | undefined {
  const { declined, full, approvals } = tally(run)
  const who = verdict === 'approve' ? identityOf : (arn: string) => arn
  return declined ?? full ?? approvals.find((approval) => who(approval.by) === who(by))
}
