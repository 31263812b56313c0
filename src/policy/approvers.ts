import { wildcard } from '../playbook/matchers.ts'
import { identityOf, roleOf } from '../run/identity.ts'
import type { ApprovalTerms } from '../run/run.ts'
import { withoutRolePath } from './approver-patterns.ts'

/** The terms where a rule names none: any caller may decide, one is enough, and a day later it is declined. */
export const DEFAULT_APPROVAL: Readonly<ApprovalTerms> = {
  quorum: 1,
  expiresAfter: 'PT24H',
  onExpiry: 'decline',
}

/** Slack users (U, W), user groups (S): who may be named beside IAM ARN patterns. */
export const SLACK_ID = /^[USW][A-Z0-9]{2,}$/

/**
 * Whether an STS identity may decide under these terms. Without `approvers` anybody may. A session of an assumed
 * role is also its role: `arn:aws:sts::1:assumed-role/Ops/ann` answers to `arn:aws:iam::1:role/Ops`.
 */
export function mayDecide(terms: ApprovalTerms, identityArn: string): boolean {
  if (terms.approvers === undefined) return true
  const names = [identityArn, roleOf(identityArn)].filter((arn) => arn !== undefined)
  return terms.approvers
    .filter((approver) => approver.startsWith('arn:'))
    .some((pattern) => names.some((arn) => arnMatches(withoutRolePath(pattern), arn)))
}

/**
 * Whether those who are named could ever be as many as the quorum takes. All sessions of a role are one, but for roles
 * of IAM Identity Center; a pattern may be any number.
 */
export function canFillQuorum({ approvers, quorum }: ApprovalTerms): boolean {
  const named = approvers?.filter((approver) => approver.startsWith('arn:'))
  if (!named || named.some((arn) => arn.includes('*') || arn.includes('/AWSReservedSSO_'))) return true
  return new Set(named.map((arn) => identityOf(withoutRolePath(arn)))).size >= quorum
}

/** Part by part, so that no `*` reaches over a colon: a user's path may hold `:role/`. */
function arnMatches(pattern: string, arn: string): boolean {
  const [wanted, given] = [parts(pattern), parts(arn)]
  return wanted.length === given.length && wanted.every((part, index) => wildcard(part, given[index] ?? ''))
}

function parts(arn: string): string[] {
  const [head, resource] = [arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]
  return [...head, resource]
}
