import { ANYTHING, couldMatch, type Form } from '../playbook/resource/form.ts'

/**
 * Patterns for those who may decide, compared with what STS tells of a caller. Of a role it tells account and name, never
 * the path (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
 */

const ACCOUNT: Form = [{ letters: /\d/, least: 12, most: 12 }]
const PARTITION: Form = [{ letters: /[a-z-]/, least: 3, most: 20 }]
const NAME = { letters: /[\w+=,.@-]/, least: 1, most: 64 }

/** What stands behind the account in the ARNs of callers, by service. */
const CALLERS: Record<string, readonly Form[]> = {
  iam: [['user/', ANYTHING, NAME], ['role/', NAME], ['root']],
  sts: [
    ['assumed-role/', NAME, '/', NAME],
    ['federated-user/', NAME],
  ],
}

/** Roles of IAM Identity Center: nobody else can make any under their path, and their names begin so. */
const IDENTITY_CENTER = /^aws-reserved\/sso\.amazonaws\.com\//
const ITS_ROLES = 'AWSReservedSSO_'

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

/** Why nobody could ever be meant by a pattern, with the form that works; undefined when somebody can. */
export function whyNobody(pattern: string): string | undefined {
  const parts = pattern.split(':')
  const [scheme, partition = '', service = '', region = '', account = ''] = parts
  if (scheme !== 'arn' || parts.length < 6 || !/^(iam|sts)$/.test(service)) {
    return 'is neither a Slack id (S0ONCALL) nor an IAM ARN pattern (arn:aws:iam::*:role/Oncall)'
  }
  const { path, last, before } = rolePath(pattern) ?? {}
  if (path !== undefined && withoutRolePath(pattern) === pattern) {
    return `can match nobody: STS tells no path of a role. Name the role in full, or leave the path out if roles of any path may decide (${before}${last})`
  }
  const rest = withoutRolePath(pattern).split(':').slice(5).join(':')
  const isSomebody =
    couldMatch(partition, PARTITION) &&
    couldMatch(region, ['']) &&
    couldMatch(account, ACCOUNT) &&
    (CALLERS[service] ?? []).some((form) => couldMatch(rest, form))
  if (isSomebody) return undefined
  return `can match nobody: callers are roles (arn:aws:iam::111122223333:role/Oncall), their sessions (arn:aws:sts::111122223333:assumed-role/Oncall/ann) and users (arn:aws:iam::*:user/ann)`
}

/** The parts of a pattern for roles with a path: `arn:…:role/`, the path with its last slash, the name. */
function rolePath(pattern: string): { before: string; path: string; last: string } | undefined {
  const [, before, path, last] = /^([^/]*:iam::[^/]*:role\/)(.+\/)([^/]+)$/.exec(pattern) ?? []
  return before !== undefined && path !== undefined && last !== undefined ? { before, path, last } : undefined
}
