import type { Rule, When } from '../rules.ts'
import { accountTagsOf, type Facts, pathOf } from './compiled-conditions.ts'
import { ANY_PLAYBOOK, affixLength, type PatternIndex, patternIndex, playbookKeys } from './pattern-index.ts'
import { severitiesOf } from './severity-condition.ts'
import { bagsAt } from './tag-places.ts'

/**
 * Finds the rules of which one may decide, in their order, without asking each: a rule is kept under the values of that
 * one of its conditions that it shares with the fewest others. What is found may fail, and nothing else can hold.
 */

/** A condition by whose values rules are found. */
interface Attribute {
  /** The values by which a rule can be found; undefined where it can be by none. */
  valuesOf(when: When): readonly string[] | undefined
  /** The values of what is asked about. */
  valuesIn(facts: Facts): readonly string[] | 'unread'
}

const literal = (patterns: readonly string[] | undefined) =>
  patterns?.some((pattern) => pattern.includes('*')) ? undefined : patterns

const ATTRIBUTES: Record<string, Attribute> = {
  account: { valuesOf: ({ account }) => account, valuesIn: ({ subject }) => [subject.account] },
  ou: { valuesOf: ({ ou }) => ou, valuesIn: pathOf },
  tags: {
    valuesOf: ({ tags }) => firstTag(tags),
    valuesIn: ({ subject, tagsOf }) => {
      const bags = bagsAt(subject, tagsOf)
      return bags === 'unread' ? bags : bags.flatMap(tagValues)
    },
  },
  accountTags: {
    valuesOf: ({ accountTags }) => firstTag(accountTags),
    valuesIn: (facts) => {
      const tags = accountTagsOf(facts)
      return tags === 'unread' ? tags : tagValues(tags)
    },
  },
  type: { valuesOf: ({ type }) => literal(type), valuesIn: ({ subject }) => [subject.type] },
  region: { valuesOf: ({ region }) => literal(region), valuesIn: ({ subject }) => [subject.region] },
  source: { valuesOf: ({ source }) => source, valuesIn: ({ subject }) => [subject.source] },
  severity: {
    valuesOf: ({ severity }) => severity && severitiesOf(severity),
    valuesIn: ({ subject }) => [subject.severity],
  },
  anything: { valuesOf: () => [''], valuesIn: () => [''] },
}

/** Any of the tags that have to be there will do. */
function firstTag(tags: Record<string, string[]> | undefined): string[] | undefined {
  const all = Object.entries(tags ?? {}).find(([, values]) => literal(values) !== undefined)
  return all?.[1].map((value) => `${all[0]}=${value}`)
}

const tagValues = (tags: Record<string, string>) =>
  Object.entries(tags).map(([key, value]) => `${key}=${value.trim()}`)

/** A pattern for resources with less text of its own would find half of them. */
const ENOUGH_TEXT = 8

const hasTelling = ({ resource }: When) =>
  resource?.every((pattern) => affixLength(pattern) >= ENOUGH_TEXT) ?? false

export interface RuleIndex {
  /** Indexes of rules in their order, each once. */
  find(facts: Facts): Iterable<number>
}

export function ruleIndex(rules: readonly Rule[]): RuleIndex {
  const places = rules.map(({ when = {} }) => placesOf(when))
  const shared = new Map<string, number>()
  for (const key of places.flatMap((each) => each.flatMap(({ keys }) => keys))) {
    shared.set(key, (shared.get(key) ?? 0) + 1)
  }
  const postings = new Map<string, number[]>()
  const used = new Set<string>()
  const byResource: { pattern: string; playbooks: readonly string[]; owner: number }[] = []
  for (const [owner, { when = {} }] of rules.entries()) {
    if (hasTelling(when)) {
      for (const pattern of when.resource ?? []) {
        byResource.push({ pattern, playbooks: playbookKeys(when.playbook), owner })
      }
      continue
    }
    const { attribute, keys } = places[owner]!.reduce((best, other) =>
      crowd(other.keys, shared) < crowd(best.keys, shared) ? other : best,
    )
    used.add(attribute)
    const all = playbookKeys(when.playbook).map((playbook) => keyOf(playbook, attribute))
    for (const key of [...keys, ...all]) {
      const posting = postings.get(key)
      if (posting) posting.push(owner)
      else postings.set(key, [owner])
    }
  }
  return { find: finder(postings, [...used], patternIndex(byResource)) }
}

/** Under which keys a rule may be kept, by attribute; the last is for all. */
function placesOf(when: When): { attribute: string; keys: string[] }[] {
  return Object.entries(ATTRIBUTES).flatMap(([attribute, { valuesOf }]) => {
    const values = valuesOf(when)
    if (values === undefined) return []
    const keys = playbookKeys(when.playbook).flatMap((playbook) =>
      values.map((value) => keyOf(playbook, attribute, value)),
    )
    return [{ attribute, keys: [...new Set(keys)] }]
  })
}

const crowd = (keys: readonly string[], shared: Map<string, number>): number =>
  Math.max(...keys.map((key) => shared.get(key) ?? 0))

/** Without a value: all rules that are kept by the attribute, for what was not read. */
const keyOf = (playbook: string, attribute: string, value?: string): string =>
  value === undefined ? `${playbook} ${attribute}` : `${playbook} ${attribute} ${value}`

function finder(
  postings: Map<string, number[]>,
  used: readonly string[],
  byResource: PatternIndex,
): RuleIndex['find'] {
  return (facts) => {
    const { about, subject } = facts
    const found = [byResource.find(about, subject.playbook)]
    if (about.name === undefined) found.push(byResource.named(subject.playbook))
    for (const attribute of used) {
      const values = ATTRIBUTES[attribute]!.valuesIn(facts)
      for (const playbook of [subject.playbook, ANY_PLAYBOOK]) {
        const keys =
          values === 'unread'
            ? [keyOf(playbook, attribute)]
            : values.map((value) => keyOf(playbook, attribute, value))
        for (const key of keys) found.push(postings.get(key) ?? [])
      }
    }
    return inOrder(found.filter(({ length }) => length > 0))
  }
}

/** The numbers of sorted lists in their order, each once. */
function* inOrder(lists: readonly (readonly number[])[]): Iterable<number> {
  const at = lists.map(() => 0)
  for (;;) {
    let next = Number.POSITIVE_INFINITY
    for (const [index, list] of lists.entries()) next = Math.min(next, list[at[index]!] ?? next)
    if (next === Number.POSITIVE_INFINITY) return
    yield next
    for (const [index, list] of lists.entries()) if (list[at[index]!] === next) at[index]!++
  }
}
