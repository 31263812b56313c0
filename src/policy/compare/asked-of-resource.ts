import { sameJson } from '../../playbook/json.ts'
import type { ManagerKind } from '../../playbook/managed-by.ts'
import { tagPlacesOf } from '../conditions/tag-places.ts'
import { decide, NO_RULE } from '../decide.ts'
import { namePattern } from '../resource-patterns.ts'
import type { AgeCondition, Conditions, Policy, PolicyFromFile, Rule, Subject, TagPlace } from '../rules.ts'
import type { BothPolicies } from './one-sided-guards.ts'

/** What policies ask that a finding does not tell. */
export interface Asked {
  /** Keys of tags, and what their values are compared with. */
  tags: Map<string, Set<string>>
  managers: Set<ManagerKind>
  /** Where one of them looks for tags. One place stands for all where both look in the same. */
  places: readonly TagPlace[]
  /** Ids of organisational units. */
  units: Set<string>
  /** As `tags`, of the account. */
  accountTags: Map<string, Set<string>>
  /** Whether it matters who can reach the resource. */
  reachable: boolean
  /** Durations, ISO 8601, with which the age of the finding is compared. */
  ages: Set<string>
  /** Patterns for its own name. */
  names: Set<string>
  /** Patterns for ids and ARNs: asked only where nobody knows yet which resource it will be. */
  resources: Set<string>
}

/**
 * What two policies ask that may lead them apart.
 * @param guards patterns of exemptions and `never` that only one of them has
 * @param isNamed whether the resource is known; else any may turn out to be meant
 */
export function askedBy(
  policies: BothPolicies,
  guards: readonly string[],
  { subject, isNamed }: { subject: Subject; isNamed: boolean },
  now: number,
): Asked {
  const looksAlike = looksInSamePlaces(policies)
  const asked: Asked = {
    tags: new Map(),
    managers: new Set(),
    places: looksAlike ? tagPlacesOf(policies[0].policy) : bothPlaces(policies),
    units: new Set(),
    accountTags: new Map(),
    reachable: false,
    ages: new Set(),
    names: new Set(),
    resources: new Set(),
  }
  // What an owner says by a tag counts where it is looked for.
  if (!looksAlike) asked.tags.set('rectify:mode', new Set(['off']))
  const addPattern = (pattern: string) => {
    const name = namePattern(pattern)
    if (name !== undefined) asked.names.add(name)
    else if (!isNamed) asked.resources.add(pattern)
  }
  for (const policy of policies) {
    for (const { when = {} } of rulesThatMay(policy, subject, isNamed, now)) {
      for (const conditions of [when, when.not ?? {}]) {
        addConditions(asked, conditions)
        for (const pattern of conditions.resource ?? []) addPattern(pattern)
      }
    }
  }
  guards.forEach(addPattern)
  return asked
}

function addConditions(asked: Asked, conditions: Conditions): void {
  const { tags = {}, managedBy = [], ou = [], accountTags = {}, reachable, age = {} } = conditions
  addTags(asked.tags, tags)
  addTags(asked.accountTags, accountTags)
  for (const kind of managedBy) asked.managers.add(kind)
  for (const unit of ou) asked.units.add(unit)
  if (reachable !== undefined) asked.reachable = true
  for (const bound of boundsOf(age)) asked.ages.add(bound)
}

const boundsOf = ({ atLeast, atMost }: AgeCondition): string[] => [atLeast ?? [], atMost ?? []].flat()

function addTags(known: Map<string, Set<string>>, tags: Record<string, string[]>): void {
  for (const [key, values] of Object.entries(tags)) {
    known.set(key, new Set([...(known.get(key) ?? []), ...values]))
  }
}

/** Whether both look for tags in the same places, in the same order. */
export const looksInSamePlaces = ([from, to]: BothPolicies): boolean =>
  sameJson([...tagPlacesOf(from.policy)], [...tagPlacesOf(to.policy)])

const bothPlaces = ([from, to]: BothPolicies): TagPlace[] => [
  ...new Set([...tagPlacesOf(from.policy), ...tagPlacesOf(to.policy)]),
]

/** The rules of which one will decide, as `decide` itself sees each of them alone. */
function rulesThatMay(policy: PolicyFromFile, subject: Subject, isNamed: boolean, now: number): Rule[] {
  const may: Rule[] = []
  for (const { rule, alone, onAnyResource } of eachAlone(policy)) {
    const { mode, reason } = decide(isNamed ? alone : onAnyResource, subject, now)
    if (reason === NO_RULE) continue
    may.push(rule)
    if (mode !== 'undecided' && (isNamed || rule.when?.resource === undefined)) break
  }
  return may
}

/** A rule, and policies of it alone: as it is written, and without its word on resources. */
interface RuleAlone {
  rule: Rule
  alone: PolicyFromFile
  onAnyResource: PolicyFromFile
}

const known = new WeakMap<PolicyFromFile, RuleAlone[]>()

function eachAlone(policy: PolicyFromFile): RuleAlone[] {
  const made = known.get(policy) ?? policy.policy.rules.map((rule) => ruleAlone(policy, rule))
  known.set(policy, made)
  return made
}

function ruleAlone(policy: PolicyFromFile, rule: Rule): RuleAlone {
  const { resource: _, ...when } = rule.when ?? {}
  const never: Policy['never'] = { ...policy.policy.never, addresses: [], resources: [] }
  const of = (one: Rule): PolicyFromFile => ({
    ...policy,
    policy: { ...policy.policy, rules: [one], exemptions: [], never },
  })
  return { rule, alone: of(rule), onAnyResource: of({ ...rule, when }) }
}
