import { ANYTHING, couldMatch, type Form } from '../playbook/resource/form.ts'
import { rolePath, withoutRolePath } from '../run/arn-patterns.ts'

/** Which patterns for those who may decide could mean anybody. */

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

/** Of what is named as an approver and can be none. */
export const NEITHER = 'is neither a Slack id (S0ONCALL) nor an IAM ARN pattern (arn:aws:iam::*:role/Oncall)'

/** Why nobody could ever be meant by a pattern, with the form that works; undefined when somebody can. */
export function whyNobody(pattern: string): string | undefined {
  const parts = pattern.split(':')
  const [scheme, partition = '', service = '', region = '', account = ''] = parts
  if (scheme !== 'arn' || parts.length < 6 || !/^(iam|sts)$/.test(service)) {
    return NEITHER
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
