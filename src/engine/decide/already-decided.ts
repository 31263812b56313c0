import { roleOf } from '../../run/identity.ts'
import type { Decision, Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'

/** Why `arn` cannot decide about a run any more: what stands, and who has counted so far where a quorum is not full. */
export function alreadyDecided(run: Run, { verdict, by }: Decision, arn: string): string {
  const stands = `already decided: ${verdict === 'approve' ? 'approved' : 'declined'} by ${by}`
  const { approvals, quorum, full } = tally(run)
  if (verdict === 'decline' || full) return stands
  const counted = approvals.map((approval) => approval.by).join(', ')
  return [
    stands,
    ...(by === arn ? [] : [`${arn} counts as the same: ${sameness(by, arn)}`]),
    `${approvals.length} of ${quorum} so far: ${counted}`,
  ].join('; ')
}

/** Why `arn` may not decide about a run that its own identity asked for. */
export function askedForIt({ id, requestedBy }: Run, arn: string): string {
  const asked =
    requestedBy === undefined || requestedBy === arn
      ? arn
      : `${requestedBy}, who counts as the same as ${arn} (${sameness(requestedBy, arn)}),`
  return `${asked} asked for run ${id}: somebody else must decide about it`
}

/** Why two ARNs are one identity. */
function sameness(a: string, b: string): string {
  return roleOf(a) === roleOf(b)
    ? 'sessions of one role are one identity'
    : 'a user of IAM Identity Center is one identity, whatever the permission set'
}
