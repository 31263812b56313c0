import { sameJson } from '../../playbook/json.ts'
import { wildcardTest } from '../../playbook/matchers.ts'
import { severitiesOf } from '../conditions/severity-condition.ts'
import type { Conditions, When } from '../rules.ts'

type Key = keyof Conditions
type Tags = Record<string, string[]>

/**
 * Whether the first conditions hold wherever the second do; where it cannot be shown, they do not. What is unread for the
 * first is then unread for the second too. Pure.
 */
export function covers(wide: When = {}, narrow: When = {}): boolean {
  const { not: wideNot, ...widely } = wide
  if (wideNot !== undefined && !sameJson(wideNot, narrow.not)) return false
  return keysOf(widely).every((key) => narrow[key] !== undefined && coversKey(key, widely, narrow))
}

/** Whether the second conditions are sure to be false, read and all, wherever the first hold. Pure. */
export function excludes(given: When = {}, other: When = {}): boolean {
  const { not, ...conditions } = given
  const { not: otherNot, ...others } = other
  if (otherNot !== undefined && covers(otherNot, conditions)) return true
  if (not !== undefined && covers(not, others)) return true
  return keysOf(others).some((key) => conditions[key] !== undefined && excludesKey(key, conditions, others))
}

const keysOf = (when: Conditions): Key[] =>
  (Object.keys(when) as Key[]).filter((key) => when[key] !== undefined)

function coversKey(key: Key, wide: Conditions, narrow: Conditions): boolean {
  switch (key) {
    case 'severity':
      return isSubset(severitiesOf(narrow.severity), severitiesOf(wide.severity))
    case 'region':
    case 'type':
      return isPatternSubset(narrow[key] ?? [], wide[key] ?? [])
    case 'tags':
    case 'accountTags':
      return coversTags(wide[key] ?? {}, narrow[key] ?? {})
    case 'reachable':
    case 'age':
      return sameJson(wide[key], narrow[key])
    default:
      return isSubset<string>(narrow[key] ?? [], wide[key] ?? [])
  }
}

const isSubset = <T>(some: readonly T[], all: readonly T[]): boolean => some.every((one) => all.includes(one))

const isPatternSubset = (some: readonly string[], all: readonly string[]): boolean =>
  some.every((one) => all.some((other) => other === one || (isLiteral(one) && wildcardTest(other)(one))))

const isLiteral = (pattern: string): boolean => !pattern.includes('*')

function coversTags(wide: Tags, narrow: Tags): boolean {
  return Object.entries(wide).every(
    ([key, values]) => Object.hasOwn(narrow, key) && isPatternSubset(narrow[key] ?? [], values),
  )
}

function excludesKey(key: Key, given: Conditions, other: Conditions): boolean {
  switch (key) {
    case 'playbook':
    case 'source':
    case 'account':
      return !(given[key] ?? []).some((one) => (other[key] as string[] | undefined)?.includes(one))
    case 'severity':
      return !severitiesOf(given.severity).some((one) => severitiesOf(other.severity).includes(one))
    case 'region':
    case 'type':
      return areApart(given[key] ?? [], other[key] ?? [])
    case 'tags':
    case 'accountTags':
      return excludesTags(given[key] ?? {}, other[key] ?? {})
    case 'reachable':
      return given.reachable !== other.reachable
    // A resource has several names, and an account is in several units.
    default:
      return false
  }
}

const excludesTags = (given: Tags, other: Tags): boolean =>
  Object.entries(other).some(
    ([key, values]) => Object.hasOwn(given, key) && areApart(given[key] ?? [], values),
  )

const areApart = (some: readonly string[], others: readonly string[]): boolean =>
  some.every((one) => others.every((other) => isApart(one, other)))

/** Of two patterns with `*` nobody asks: they may have a text in common. */
function isApart(one: string, other: string): boolean {
  if (isLiteral(one)) return !wildcardTest(other)(one)
  return isLiteral(other) && !wildcardTest(one)(other)
}
