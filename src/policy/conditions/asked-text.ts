import type { Conditions, Unread, When } from '../rules.ts'
import { type ConditionKey, UNREAD } from './compiled-conditions.ts'

/** What a rule asks for that was not read, as a clause: `tags are environment prod and managed by eks`. */
export function askedText({ not, ...conditions }: When, unread: readonly Unread[]): string {
  const own = clauses(conditions, unread)
  const but = not ? clauses(not, unread) : []
  return [...own, ...(but.length > 0 ? [`not (${but.join(' and ')})`] : [])].join(' and ')
}

function clauses(conditions: Conditions, unread: readonly Unread[]): string[] {
  const { tags, managedBy, resource, ou, accountTags, reachable, age } = conditions
  const said: [ConditionKey, string | undefined][] = [
    ['tags', tags && `tags are ${tagsText(tags)}`],
    ['managedBy', managedBy && `managed by ${managedBy.join(' or ')}`],
    ['resource', resource && `it is called ${resource.join(' or ')}`],
    ['ou', ou && `the account is in ${ou.join(' or ')}`],
    ['accountTags', accountTags && `tags of the account are ${tagsText(accountTags)}`],
    ['reachable', reachable === undefined ? undefined : `it ${reachable ? 'can' : 'cannot'} be reached`],
    ['age', age && ageText(age)],
  ]
  return said.flatMap(([key, text]) => {
    const asks = UNREAD[key]
    return text !== undefined && asks !== undefined && unread.includes(asks) ? [text] : []
  })
}

/** `environment prod or staging, team web` */
export function tagsText(tags: Record<string, string[]>): string {
  return Object.entries(tags)
    .map(([key, values]) => `${key} ${values.join(' or ')}`)
    .join(', ')
}

/** `reported at least PT1H and at most P30D ago` */
export function ageText({ atLeast, atMost }: NonNullable<Conditions['age']>): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ]
  return `reported ${bounds.join(' and ')} ago`
}
