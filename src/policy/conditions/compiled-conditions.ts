import { wildcardTest } from '../../playbook/matchers.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { AgeCondition, Conditions, Subject, TagPlace, Unread, When } from '../rules.ts'
import { durationMs } from '../written-durations.ts'
import { type NamedResource, resourceTest, type Verdict } from './named-resource.ts'
import { severitiesOf } from './severity-condition.ts'
import { managedKinds, type Tagged, tagOf } from './tag-places.ts'

/** What conditions are asked about. */
export interface Facts {
  subject: Subject
  about: NamedResource
  /** Where tags are looked for; absent: on the resource. */
  tagsOf?: readonly TagPlace[]
  /** ms since 1970, UTC; absent: no age is known. */
  now?: number
}

export type ConditionKey = keyof Conditions

/** One condition: three-valued, as what it asks for may not have been read. */
export interface Check {
  key: ConditionKey
  holds(facts: Facts): Verdict
}

/** Whether all conditions hold: `false`, or what is unread that it depends on; nothing of it: they do. */
export type Outcome = false | readonly Unread[]

/** The conditions of a rule. */
export interface CompiledWhen {
  checks: readonly Check[]
  /** Of `not`. */
  but?: readonly Check[]
}

export function compiledWhen({ not, ...conditions }: When = {}): CompiledWhen {
  return { checks: checksOf(conditions), ...(not && { but: checksOf(not) }) }
}

/** The first that does not hold decides; else what could not be read does. */
export function outcomeOf({ checks, but }: CompiledWhen, facts: Facts): Outcome {
  const outcome = conjunction(checks, facts)
  if (outcome === false || but === undefined) return outcome
  const inner = conjunction(but, facts)
  if (inner === false) return outcome
  return inner.length === 0 ? false : union(outcome, inner)
}

/** Nothing is unread. */
const NOTHING: readonly Unread[] = []

/** Whether all of some conditions hold. */
function conjunction(checks: readonly Check[], facts: Facts): Outcome {
  let unread = NOTHING
  for (const { key, holds } of checks) {
    const verdict = holds(facts)
    if (verdict === false) return false
    if (verdict === 'unread') unread = union(unread, [UNREAD[key] ?? 'name'])
  }
  return unread
}

const union = (one: readonly Unread[], other: readonly Unread[]): readonly Unread[] =>
  one.length === 0 ? other : [...new Set([...one, ...other])]

/** What each condition asks for that may not have been read. */
export const UNREAD: Partial<Record<ConditionKey, Unread>> = {
  tags: 'tags',
  managedBy: 'tags',
  resource: 'name',
  ou: 'ou',
  accountTags: 'accountTags',
  reachable: 'reachable',
  age: 'age',
}

type Maker<K extends ConditionKey> = (wanted: NonNullable<Conditions[K]>) => Check['holds']

/** Those that are soon answered first. */
const MAKERS: { [K in ConditionKey]-?: Maker<K> } = {
  playbook: (ids) => (facts) => ids.includes(facts.subject.playbook),
  source: (sources) => (facts) => sources.includes(facts.subject.source),
  account: (accounts) => (facts) => accounts.includes(facts.subject.account),
  severity: (condition) => {
    const severities = severitiesOf(condition)
    return (facts) => severities.includes(facts.subject.severity)
  },
  region: (patterns) => oneOf(patterns, ({ subject }) => subject.region),
  type: (patterns) => oneOf(patterns, ({ subject }) => subject.type),
  age: (wanted) => (facts) => ageHolds(wanted, facts),
  tags: (wanted) => tagsTest(wanted, ({ subject, tagsOf }) => ({ tagged: subject, tagsOf })),
  managedBy: (wanted) => (facts) => {
    const kinds = managedKinds(facts.subject)
    return kinds === 'unread' ? kinds : kinds.some((kind) => wanted.includes(kind))
  },
  resource: (patterns) => {
    const tests = patterns.map(resourceTest)
    return ({ about }) => {
      const verdicts = tests.map((means) => means(about))
      if (verdicts.includes(true)) return true
      return verdicts.includes('unread') ? 'unread' : false
    }
  },
  ou: (units) => (facts) => {
    const path = pathOf(facts)
    return path === 'unread' ? 'unread' : units.some((unit) => path.includes(unit))
  },
  accountTags: (wanted) => tagsTest(wanted, (facts) => ({ tagged: { tags: accountTagsOf(facts) } })),
  reachable: (wanted) => (facts) => {
    const { reachable = 'unread' } = facts.subject
    return reachable === 'unread' ? 'unread' : reachable === wanted
  },
}

const KEYS = Object.keys(MAKERS) as ConditionKey[]

function checksOf(conditions: Conditions): Check[] {
  return KEYS.flatMap((key): Check[] => {
    const wanted = conditions[key]
    if (wanted === undefined) return []
    const maker = MAKERS[key] as Maker<ConditionKey>
    return [{ key, holds: maker(wanted) }]
  })
}

function oneOf(patterns: readonly string[], textOf: (facts: Facts) => string): Check['holds'] {
  const tests = patterns.map(wildcardTest)
  return (facts) => {
    const text = textOf(facts)
    return tests.some((isMeant) => isMeant(text))
  }
}

export function pathOf({ subject: { organization = 'unread' } }: Facts): readonly string[] | 'unread' {
  return organization === 'unread' ? 'unread' : organization.path
}

export function accountTagsOf({ subject: { organization = 'unread' } }: Facts): Tags | 'unread' {
  return organization === 'unread' ? 'unread' : organization.tags
}

/** Keys are compared exactly, values without the spaces around them; a missing tag is none of the values. */
function tagsTest(
  wanted: Record<string, string[]>,
  about: (facts: Facts) => { tagged: Tagged; tagsOf?: readonly TagPlace[] | undefined },
): Check['holds'] {
  const tests = Object.entries(wanted).map(([key, values]) => [key, values.map(wildcardTest)] as const)
  return (facts) => {
    const { tagged, tagsOf } = about(facts)
    let isRead = true
    for (const [key, values] of tests) {
      const found = tagOf(tagged, key, tagsOf)
      if (found === 'unread') isRead = false
      else if (found === undefined || !values.some((isMeant) => isMeant(found.value))) return false
    }
    return isRead || 'unread'
  }
}

/** How old a finding is, in ms; undefined where nobody can tell. Clocks that differ make none younger than new. */
export function ageOf({ subject: { reportedAt = '' }, now = Number.NaN }: Facts): number | undefined {
  const age = now - Date.parse(reportedAt)
  return Number.isNaN(age) ? undefined : Math.max(0, age)
}

function ageHolds({ atLeast, atMost }: AgeCondition, facts: Facts): Verdict {
  const age = ageOf(facts)
  if (age === undefined) return 'unread'
  return (
    (atLeast === undefined || age >= durationMs(atLeast)) &&
    (atMost === undefined || age <= durationMs(atMost))
  )
}
