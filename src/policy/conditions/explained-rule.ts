import { namePattern } from '../resource-patterns.ts'
import type { Conditions, SeverityCondition, TagPlace, When } from '../rules.ts'
import { ageText, tagsText } from './asked-text.ts'
import {
  accountTagsOf,
  ageOf,
  type CompiledWhen,
  type ConditionKey,
  type Facts,
  pathOf,
} from './compiled-conditions.ts'
import type { Verdict } from './named-resource.ts'
import { calledPlace, managedKinds, ofPlace, type Tagged, tagOf } from './tag-places.ts'

/** One condition of a rule, what it wants, what there is, and whether that is it. */
export interface ExplainedCondition {
  /** As the file has it: `tags`, `not.tags`. */
  condition: string
  wanted: string
  /** 'unread' where nobody has read it. */
  found: string
  holds: Verdict
}

/** Every condition of a rule, those of `not` with what they are by themselves. Pure. */
export function explainedConditions(
  { not, ...when }: When,
  { checks, but = [] }: CompiledWhen,
  facts: Facts,
): ExplainedCondition[] {
  const told = (conditions: Conditions, all: CompiledWhen['checks'], prefix: string) =>
    all.map(({ key, holds }): ExplainedCondition => {
      const wanted = WANTED[key] as (value: unknown) => string
      return {
        condition: `${prefix}${key}`,
        wanted: wanted(conditions[key]),
        found: FOUND[key](facts, conditions),
        holds: holds(facts),
      }
    })
  return [...told(when, checks, ''), ...told(not ?? {}, but, 'not.')]
}

/** More are not read by anybody. */
const MOST = 4

const list = (values: readonly string[]): string => {
  const more = values.length - MOST
  return `${values.slice(0, MOST).join(' or ')}${more > 0 ? ` or ${more} more` : ''}`
}
const severityText = (wanted: SeverityCondition): string =>
  Array.isArray(wanted) ? list(wanted) : `at least ${wanted.atLeast}`

const WANTED: { [K in ConditionKey]-?: (wanted: NonNullable<Conditions[K]>) => string } = {
  playbook: list,
  source: list,
  type: list,
  severity: severityText,
  account: list,
  region: list,
  resource: list,
  tags: tagsText,
  managedBy: list,
  ou: list,
  accountTags: tagsText,
  reachable: String,
  age: ageText,
}

const UNREAD = 'unread'

const FOUND: Record<ConditionKey, (facts: Facts, conditions: Conditions) => string> = {
  playbook: ({ subject }) => subject.playbook,
  source: ({ subject }) => subject.source,
  type: ({ subject }) => subject.type,
  severity: ({ subject }) => subject.severity,
  account: ({ subject }) => subject.account,
  region: ({ subject }) => subject.region,
  resource: ({ subject: { resource } }, { resource: patterns = [] }) => {
    const asksName = patterns.some((pattern) => namePattern(pattern) !== undefined)
    const name = resource.name === undefined ? 'name unread' : (resource.name ?? 'no name')
    return asksName ? `${resource.id} (${name})` : resource.id
  },
  tags: ({ subject, tagsOf }, { tags: wanted = {} }) => foundTags(subject, wanted, tagsOf),
  managedBy: ({ subject }) => {
    const kinds = managedKinds(subject)
    return kinds === 'unread' ? kinds : kinds.join(', ') || 'nobody'
  },
  ou: (facts) => {
    const path = pathOf(facts)
    return path === 'unread' ? UNREAD : path.join('/') || 'no organisation'
  },
  accountTags: (facts, { accountTags: wanted = {} }) => foundTags({ tags: accountTagsOf(facts) }, wanted),
  reachable: ({ subject: { reachable = UNREAD } }) => String(reachable),
  age: (facts) => {
    const age = ageOf(facts)
    return age === undefined ? UNREAD : `reported ${Math.floor(age / 60_000)} minutes ago`
  },
}

/** Those that are asked for, as they are, and where they were found. */
function foundTags(
  tagged: Tagged,
  wanted: Record<string, string[]>,
  places: readonly TagPlace[] = ['resource'],
): string {
  const all = Object.keys(wanted).map((key) => ({ key, found: tagOf(tagged, key, places) }))
  if (all.every(({ found }) => found === 'unread'))
    return places.length > 1 ? `${UNREAD} (looked for on ${places.map(calledPlace).join(', then ')})` : UNREAD
  const texts = all.map(({ key, found }) => {
    if (found === 'unread') return `${key} ${UNREAD}`
    return found === undefined ? `no ${key}` : `${key} ${found.value}${ofPlace(found.place)}`
  })
  return texts.join(', ')
}
