import { roleOf } from '../../run/identity.ts'
import { personOf } from '../../run/people.ts'
import type { Decision, Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'

/** What was done by a verdict, in words. */
export const DONE_BY: Record<Decision['verdict'], string> = {
  approve: 'approved',
  decline: 'declined',
  exempt: 'exempted',
}

/** Why `who` cannot decide about a run any more: what stands, and who has counted so far where a quorum is not full. */
export function alreadyDecided(run: Run, { verdict, by }: Decision, who: string): string {
  const stands = `already decided: ${DONE_BY[verdict]} by ${by}`
  const { approvals, quorum, full } = tally(run)
  if (verdict !== 'approve' || full) return stands
  const counted = approvals.map((approval) => approval.by).join(', ')
  return [
    stands,
    ...(by === who ? [] : [`${who} counts as the same: ${sameness(run, by, who)}`]),
    `${approvals.length} of ${quorum} so far: ${counted}`,
  ].join('; ')
}

/** Why `who` may not decide about a run that its own identity asked for. */
export function askedForIt(run: Run, who: string): string {
  const { id, requestedBy } = run
  const asked =
    requestedBy === undefined || requestedBy === who
      ? who
      : `${requestedBy}, who counts as the same as ${who} (${sameness(run, requestedBy, who)}),`
  return `${asked} asked for run ${id}: somebody else must decide about it`
}

/** Why two identities are one. */
function sameness({ approval }: Run, a: string, b: string): string {
  const person = personOf(approval?.people, a)
  if (person !== undefined && person === personOf(approval?.people, b))
    return `by the policy's people both are ${person}`
  return roleOf(a) === roleOf(b)
    ? 'sessions of one role are one identity'
    : 'a user of IAM Identity Center is one identity, whatever the permission set'
}
