import { basename } from 'node:path'
import { SEVERITIES } from '../findings/finding.ts'
import { wildcard } from '../playbook/matchers.ts'
import { DEFAULT_APPROVAL } from './approvers.ts'
import type {
  Exemption,
  LoadedPolicy,
  Policy,
  Rule,
  Ruling,
  SeverityCondition,
  Subject,
  When,
} from './policy.ts'

/** From the strictest to the most permissive. */
export const STRICTNESS: readonly Ruling['mode'][] = [
  'blocked',
  'exempted',
  'undecided',
  'off',
  'notify',
  'rehearse',
  'approve',
  'auto',
]

/**
 * What the policy says about one finding on one target: `never` first, then exemptions, then the first rule that
 * matches; without one, `rehearse`. Pure; `now` is ms since 1970, UTC. The parameters are those of the rule, as
 * written: the playbook's schema fills in the others.
 */
export function decide(policy: LoadedPolicy, subject: Subject, now: number): Ruling {
  if (policy.kind === 'none') return ruling('rehearse', policy.reason ?? 'no policy file')
  const { never, exemptions, rules } = policy.policy
  const file = basename(policy.file)

  const forbidden = never.resources.find((pattern) => isResource(pattern, subject))
  if (forbidden !== undefined) return ruling('blocked', `never: ${forbidden} (${file})`)

  const exemption = exemptions.find((candidate) => exempts(candidate, subject, now))
  if (exemption) return ruling('exempted', exemptionReason(exemption))

  return firstMatch(rules, subject, file) ?? ruling('rehearse', 'no rule matches')
}

/**
 * The strictest of several rulings, for a run that answers several findings. Among equals in `approve` the terms
 * that are harder to meet win: named approvers, then the larger quorum, then the earlier ruling. Not for an empty list.
 */
export function strictest(rulings: readonly Ruling[]): Ruling {
  return rulings.reduce((best, next) => (stricter(next, best) ? next : best))
}

function stricter(a: Ruling, b: Ruling): boolean {
  if (a.mode !== b.mode) return STRICTNESS.indexOf(a.mode) < STRICTNESS.indexOf(b.mode)
  if (a.mode !== 'approve') return false
  const named = Number(a.approval.approvers !== undefined) - Number(b.approval.approvers !== undefined)
  return named > 0 || (named === 0 && a.approval.quorum > b.approval.quorum)
}

function ruling(mode: Ruling['mode'], reason: string): Ruling {
  return { mode, reason, parameters: {}, approval: { ...DEFAULT_APPROVAL } }
}

function firstMatch(rules: Policy['rules'], subject: Subject, file: string): Ruling | undefined {
  for (const [index, rule] of rules.entries()) {
    const { tags, ...conditions } = rule.when ?? {}
    if (!conditionsHold(conditions, subject)) continue
    if (tags && subject.tags === 'unread')
      return { ...ruling('undecided', 'undecided: tags'), between: candidates(rules, index, subject, file) }
    if (tags && subject.tags !== 'unread' && !tagsHold(tags, subject.tags)) continue
    return ruledBy(rule, placeOf(rule, index, file))
  }
  return undefined
}

function placeOf({ line }: Rule, index: number, file: string): string {
  return `rule ${index + 1} (${file}:${line})`
}

/** The rules of which one will decide once the tags are known: those that ask for tags, and the first that does not. */
function candidates(rules: Policy['rules'], from: number, subject: Subject, file: string): string[] {
  const named: string[] = []
  for (const [index, rule] of rules.entries()) {
    const { tags, ...conditions } = rule.when ?? {}
    if (index < from || !conditionsHold(conditions, subject)) continue
    const asking = tags ? ` where tags are ${tagsText(tags)}` : ''
    named.push(`${rule.mode} by ${placeOf(rule, index, file)}${asking}`)
    if (!tags) return named
  }
  return [...named, 'rehearse where no rule matches']
}

/** `environment prod or staging, team web` */
function tagsText(tags: Record<string, string[]>): string {
  return Object.entries(tags)
    .map(([key, values]) => `${key} ${values.join(' or ')}`)
    .join(', ')
}

function ruledBy({ mode, parameters, approval }: Rule, reason: string): Ruling {
  return { mode, reason, parameters, approval }
}

function conditionsHold(when: Omit<When, 'tags'>, subject: Subject): boolean {
  const holds = (values: readonly string[] | undefined, test: (value: string) => boolean): boolean =>
    values?.some(test) ?? true
  return (
    holds(when.playbook, (id) => id === subject.playbook) &&
    holds(when.source, (source) => source === subject.source) &&
    holds(when.type, (pattern) => wildcard(pattern, subject.type)) &&
    holds(when.account, (account) => account === subject.account) &&
    holds(when.region, (region) => region === subject.region) &&
    holds(when.resource, (pattern) => isResource(pattern, subject)) &&
    (when.severity === undefined || severityHolds(when.severity, subject))
  )
}

function severityHolds(condition: SeverityCondition, { severity }: Subject): boolean {
  if (Array.isArray(condition)) return condition.includes(severity)
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(condition.atLeast)
}

/** Keys are compared exactly, values without the spaces around them; a missing tag is none of the values. */
function tagsHold(wanted: Record<string, string[]>, tags: Record<string, string>): boolean {
  return Object.entries(wanted).every(
    ([key, values]) => Object.hasOwn(tags, key) && values.includes(tags[key]?.trim() ?? ''),
  )
}

function isResource(pattern: string, { resource }: Subject): boolean {
  return wildcard(pattern, resource.arn) || wildcard(pattern, resource.id)
}

function exempts(exemption: Exemption, subject: Subject, now: number): boolean {
  return (
    isResource(exemption.resource, subject) &&
    (exemption.playbook?.includes(subject.playbook) ?? true) &&
    now <= Date.parse(exemption.until)
  )
}

/** A day is named as a day again. */
function exemptionReason({ owner, until, reason }: Exemption): string {
  return `exempted by ${owner} until ${until.replace('T23:59:59.999Z', '')}: ${reason}`
}
