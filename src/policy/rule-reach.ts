import { type Json, sameJson } from '../playbook/json.ts'
import { wildcard } from '../playbook/matchers.ts'
import type { PlaybookHead } from '../playbook/service/known-playbook.ts'
import { severitiesOf } from './conditions/severity-condition.ts'
import { namePattern, overlap } from './resource-patterns.ts'
import type { When } from './rules.ts'

/** What rules reach: which are covered by an earlier one, and which can never match a finding of a playbook. Pure. */

/** Whether each finding that the later rule matches is matched by the earlier one. Never says so in doubt. */
export function covers(earlier: When | undefined, later: When | undefined): boolean {
  const [wide, narrow] = [earlier ?? {}, later ?? {}]
  const within = (values: readonly string[] | undefined, inside: readonly string[] | undefined): boolean =>
    values === undefined ||
    (inside?.every((value) => values.some((pattern) => wildcard(pattern, value))) ?? false)
  return (
    within(wide.playbook, narrow.playbook) &&
    within(wide.source, narrow.source) &&
    within(wide.type, narrow.type) &&
    within(wide.account, narrow.account) &&
    within(wide.region, narrow.region) &&
    withinNames(wide.resource, narrow.resource) &&
    within(wide.managedBy, narrow.managedBy) &&
    (wide.severity === undefined || within(severitiesOf(wide.severity), severitiesOf(narrow.severity))) &&
    within(wide.ou, narrow.ou) &&
    (wide.reachable === undefined || wide.reachable === narrow.reachable) &&
    (wide.age === undefined || same(wide.age, narrow.age)) &&
    (wide.not === undefined || same(wide.not, narrow.not)) &&
    TAGS.every((which) =>
      Object.entries(wide[which] ?? {}).every(([key, values]) => within(values, narrow[which]?.[key])),
    )
  )
}

/** Patterns for own names mean other things than those for ids and ARNs: none of the one kind covers one of the other. */
function withinNames(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  const isWithin = (pattern: string, value: string): boolean => {
    const [name, inside] = [namePattern(pattern), namePattern(value)]
    if (name === undefined || inside === undefined) return name === inside && wildcard(pattern, value)
    return wildcard(name, inside)
  }
  return (
    wide === undefined ||
    (narrow?.every((value) => wide.some((pattern) => isWithin(pattern, value))) ?? false)
  )
}

const TAGS = ['tags', 'accountTags'] as const

const same = (one: object, other: object | undefined): boolean =>
  other !== undefined && sameJson(one as Json, other as Json)

interface Never {
  condition: keyof When
  message: string
}

/** Why a rule can never match a finding of some playbook that it names, or of any where it names none. */
export function whyNever(when: When, playbooks: readonly PlaybookHead[]): Never[] {
  const { playbook: named, tags, managedBy } = when
  const meant = playbooks.filter(({ id }) => named?.includes(id) ?? true)
  const reasons = meant.flatMap((playbook) => whyNotAnswered(when, playbook))
  // A rule for all playbooks may well leave some out; only one that leaves out all is worth a word.
  const told = named !== undefined || reasons.length === meant.length ? reasons : []
  if (reasons.length === meant.length) return told
  const asking = (['tags', 'managedBy'] as const).filter((each) => ({ tags, managedBy })[each] !== undefined)
  return [...told, ...asking.flatMap((condition) => meant.flatMap((each) => whyNoTags(each, condition)))]
}

/** A rule that asks for tags does not pass over a playbook that has none to show: nothing can be decided there. */
function whyNoTags({ id, tagsOf }: PlaybookHead, condition: 'tags' | 'managedBy'): Never[] {
  if (typeof tagsOf === 'string') return []
  return [{ condition, message: `can never match ${id}, whose runs it blocks: ${tagsOf.none}` }]
}

function whyNotAnswered({ source, type }: When, { id, answers }: PlaybookHead): Never[] {
  // A resource that a person names is of source `manual`, and its type is the playbook.
  const all = [...answers, { source: 'manual', types: [id] } as const]
  const types = all.filter((each) => source?.includes(each.source) ?? true).flatMap((each) => each.types)
  if (types.length === 0) {
    const known = [...new Set(all.map((each) => each.source))].join(', ')
    return [{ condition: 'source', message: `can never match ${id}, which answers ${known}` }]
  }
  if (type && !type.some((pattern) => types.some((known) => overlap(pattern, known)))) {
    return [{ condition: 'type', message: `can never match ${id}, which answers ${types.join(', ')}` }]
  }
  return []
}
