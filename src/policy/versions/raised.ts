import { sameJson } from '../../playbook/json.ts'
import { mayAsk } from '../approvers.ts'
import { UNREAD } from '../conditions/compiled-conditions.ts'
import { STRICTNESS } from '../decide.ts'
import { namePattern } from '../resource-patterns.ts'
import type { Conditions, Policy, Rule, Unread, When } from '../rules.ts'
import { covers, excludes } from './condition-cover.ts'
import { loosened } from './guard-changes.ts'
import { isAsStrict } from './terms-as-strict.ts'

/** A rule, or what holds where none matches. */
type Ruled = Pick<Rule, 'when' | 'mode' | 'parameters' | 'approval'> & { name: string }

/**
 * Where a policy lets more be done than the one before, in words; empty where it is shown that it nowhere does. Which
 * findings there will be nobody knows, so rules are compared as they are written: what cannot be shown counts as raised.
 * Pure.
 * @param now ms since 1970, UTC: exemptions and freezes that are over hold nothing back
 */
export function raisedBy(from: Policy, to: Policy, now: number): string[] {
  const before = ruledBy(from)
  const after = ruledBy(to)
  const rules = after.flatMap((rule, at) => raisedByRule(rule, after.slice(0, at), before) ?? [])
  return [...rules, ...loosened(from, to, now)]
}

function ruledBy({ rules }: Policy): Ruled[] {
  const named = rules.map((rule, at): Ruled => ({ ...rule, name: `rule ${at + 1} (line ${rule.line})` }))
  const otherwise = { mode: 'rehearse', parameters: {}, approval: {} } as Pick<
    Ruled,
    'mode' | 'parameters' | 'approval'
  >
  return [...named, { ...otherwise, name: 'what no rule is about' }]
}

/**
 * Compares a rule with every rule of before that may have decided what it decides now.
 * @param earlier the rules in front of it: what they cover, they decide
 */
function raisedByRule(rule: Ruled, earlier: readonly Ruled[], before: readonly Ruled[]): string | undefined {
  // What one in front of it covers it never decides.
  if (earlier.some(({ when }) => covers(when, rule.when))) return undefined
  for (const old of before) {
    if (excludes(rule.when, old.when) || earlier.some(({ when }) => covers(when, old.when))) continue
    const isWhole = covers(old.when, rule.when)
    const problem = isHigher(rule, old, isWhole) ?? isOtherwise(rule, old)
    if (problem !== undefined) return `${rule.name} ${problem}`
    if (isWhole) return undefined
  }
  return undefined
}

const placeOf = (mode: Rule['mode']): number => STRICTNESS.indexOf(mode)

function isHigher(rule: Ruled, old: Ruled, isWhole: boolean): string | undefined {
  if (placeOf(rule.mode) > placeOf(old.mode))
    return `may ${rule.mode} what ${old.name} of before gave ${old.mode}`
  // Where what it asked for cannot be read it was undecided, and nothing was changed.
  if (isWhole || !mayAsk(rule.mode)) return undefined
  const [unread] = unreadableIn(old.when).filter((what) => !knownBy(rule.when).includes(what))
  if (unread === undefined) return undefined
  return `may ${rule.mode} where ${unread} cannot be read, which left ${old.name} of before undecided`
}

/** Between rules that may change something. */
function isOtherwise(rule: Ruled, old: Ruled): string | undefined {
  if (!mayAsk(rule.mode) || !mayAsk(old.mode)) return undefined
  if (!sameJson(rule.parameters, old.parameters)) return `has other parameters than ${old.name} of before`
  // A person who is asked now and was not is stricter, whoever it is.
  if (rule.mode !== old.mode || isAsStrict(rule.approval, old.approval)) return undefined
  return `asks fewer or other people than ${old.name} of before`
}

/** What conditions ask for that may not be read. */
function unreadableIn(when: When | undefined): Unread[] {
  if (when === undefined) return []
  const { not, ...conditions } = when
  const keys = Object.keys(conditions) as (keyof Conditions)[]
  const asked = keys.filter((key) => key !== 'resource' || when.resource?.some(isForName))
  return [...asked.flatMap((key) => UNREAD[key] ?? []), ...unreadableIn(not)]
}

const isForName = (pattern: string): boolean => namePattern(pattern) !== undefined

/** What was read where conditions hold; a resource that is meant by its id has a name that nobody need have read. */
function knownBy({ not: _, resource: __, ...conditions }: When = {}): Unread[] {
  return (Object.keys(conditions) as (keyof Conditions)[]).flatMap((key) => UNREAD[key] ?? [])
}
