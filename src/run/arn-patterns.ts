/**
 * Patterns for IAM identities, compared with what STS tells of a caller. Of a role it tells account and name, never the
 * path (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
 */

import { wildcard } from '../playbook/matchers.ts'
import { ANYTHING, couldMatch, formOf } from '../playbook/resource/form.ts'
import { roleOf } from './identity.ts'

/** Roles of IAM Identity Center: nobody else can make any under their path, and their names begin so. */
const IDENTITY_CENTER = /^aws-reserved\/sso\.amazonaws\.com\//
const ITS_ROLES = 'AWSReservedSSO_'

/**
 * Whether a pattern means an identity. A session of an assumed role is also its role:
 * `arn:aws:sts::1:assumed-role/Ops/ann` answers to `arn:aws:iam::1:role/Ops`.
 */
export function meansIdentity(pattern: string, arn: string): boolean {
  return namesOf(arn).some((name) => arnMatches(withoutRolePath(pattern), name))
}

/**
 * Whether a pattern means every identity that another one means: the other is taken for an identity, its stars for
 * letters. That is sound: a letter of `inner` that is a star stands under a star of `outer`, which holds none of its
 * own, so whatever that star of `inner` stands for, the star of `outer` stands for as well; and `inner` matches an ARN
 * part by part. Its role, where it has one, is the role of all its sessions: their text has exactly two slashes, as
 * `inner` has then, so that no star of it reaches over one. It may be wrong only in saying no.
 */
export function meansAllOf(outer: string, inner: string): boolean {
  return meansIdentity(outer, withoutRolePath(inner))
}

/** Whether some identity may be meant by both patterns. It may be wrong only in saying yes. */
export function mayMeanTheSame(one: string, other: string): boolean {
  const [a, b] = [withoutRolePath(one), withoutRolePath(other)]
  return couldBeBoth(a, b) || couldBeBoth(rolesOf(a), b) || couldBeBoth(a, rolesOf(b))
}

/**
 * The pattern without the path of a role: `role/teams/sec/Oncall` is `role/Oncall`, because role names are unique in an
 * account. Where the last part has a `*` the path is what restricts it, and stays, so that the pattern matches nobody;
 * but all roles under the path of IAM Identity Center, and no others, are called `AWSReservedSSO_…`.
 */
export function withoutRolePath(pattern: string): string {
  const { before, path, last } = rolePath(pattern) ?? {}
  if (before === undefined || path === undefined || last === undefined) return pattern
  if (!last.includes('*')) return `${before}${last}`
  if (!IDENTITY_CENTER.test(path)) return pattern
  if (last.startsWith(ITS_ROLES)) return `${before}${last}`
  return last === '*' ? `${before}${ITS_ROLES}*` : pattern
}

/** The parts of a pattern for roles with a path: `arn:…:role/`, the path with its last slash, the name. */
export function rolePath(pattern: string): { before: string; path: string; last: string } | undefined {
  const [, before, path, last] = /^([^/]*:iam::[^/]*:role\/)(.+\/)([^/]+)$/.exec(pattern) ?? []
  return before !== undefined && path !== undefined && last !== undefined ? { before, path, last } : undefined
}

function namesOf(arn: string): string[] {
  return [arn, roleOf(arn)].filter((name) => name !== undefined)
}

/** Part by part, so that no `*` reaches over a colon: a user's path may hold `:role/`. */
function arnMatches(pattern: string, arn: string): boolean {
  const [wanted, given] = [parts(pattern), parts(arn)]
  return wanted.length === given.length && wanted.every((part, index) => wildcard(part, given[index] ?? ''))
}

function couldBeBoth(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  const [a, b] = [parts(one), parts(other)]
  return a.length === b.length && a.every((part, index) => couldMatch(part, formOf(b[index] ?? '')))
}

/** The roles whose sessions a pattern may mean. */
function rolesOf(pattern: string): string | undefined {
  const [, partition, service, , account, resource] = parts(pattern)
  if (service !== 'sts' || !couldMatch(resource ?? '', ['assumed-role/', ANYTHING])) return undefined
  return roleOf(pattern) ?? `arn:${partition}:iam::${account}:role/*`
}

function parts(arn: string): string[] {
  const [head, resource] = [arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]
  return [...head, resource]
}
