import { wildcard } from '../playbook/matchers.ts'
import type { Never } from '../playbook/playbook.ts'
import { meansIdentity, rolePath } from '../run/arn-patterns.ts'
import { roleOf } from '../run/identity.ts'
import type { LoadedPolicy } from './rules.ts'

/** What the policy forbids whatever a playbook thinks. */
export function neverOf(policy: LoadedPolicy): Never {
  return { addresses: policy.kind === 'file' ? policy.policy.never.addresses : [] }
}

/**
 * The pattern of `never.roles` that means a role or user of IAM, or a session of a role, by its ARN; undefined where none
 * does. A role is told by account and name: who names one does not always know its path.
 */
export function forbiddenRole(policy: LoadedPolicy, arn: string): string | undefined {
  if (policy.kind === 'none') return undefined
  const { roles } = policy.policy.never
  return roles.length === 0 ? undefined : roles.find((pattern) => meansRoleOrUser(pattern, arn))
}

/** Whether a pattern, for ARNs or for names, means a role or user of IAM, or a session of a role, by its ARN. */
export function meansRoleOrUser(pattern: string, given: string): boolean {
  const own = roleOf(given) ?? given
  if (!/^arn:[^:]*:iam::[^:]*:(?:role|user)\//.test(own)) return false
  const { before, last } = rolePath(own) ?? {}
  const arn = before === undefined ? own : `${before}${last}`
  if (pattern.startsWith('arn:')) return meansIdentity(pattern, arn)
  return wildcard(pattern, arn.replace(/^.*\//, ''))
}
