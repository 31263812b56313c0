import { basename } from 'node:path'
import { SEVERITIES } from '../findings/finding.ts'
import { type ManagerKind, managersOf } from '../playbook/managed-by.ts'
import { wildcard } from '../playbook/matchers.ts'
import { spellingsOf } from '../playbook/resource/resource-form.ts'
import { DEFAULT_APPROVAL } from './approvers.ts'
import { namePattern } from './resource-patterns.ts'
import { rulePlace } from './rule-place.ts'
import type { Exemption, LoadedPolicy, Rule, Ruling, SeverityCondition, Subject, When } from './rules.ts'

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
  const { exemptions } = policy.policy

  const about = named(subject)
  const forbidden = forbiddenBy(policy, about)
  if (forbidden !== undefined && forbidden !== 'unread') {
    const where = policy.deployed ? 'the deployed policy' : basename(policy.file)
    return ruling('blocked', `never: ${forbidden.pattern} (${where})`)
  }

  const running = exemptions.filter((candidate) => isAbout(candidate, subject, now))
  const exempted = running.map(({ resource }) => isResource(resource, about))
  const exemption = running[exempted.indexOf(true)]
  if (exemption) return ruling('exempted', exemptionReason(exemption))
  const ruled = firstMatch(policy, subject, about) ?? ruling('rehearse', 'no rule matches')
  if (forbidden !== 'unread' && !exempted.includes('unread')) return ruled
  const spared = running.filter((_, index) => exempted[index] === 'unread')
  const between = [
    ...(forbidden === 'unread' ? ['blocked where its name is one of never'] : []),
    ...spared.map((each) => `${exemptionReason(each)} where it is called ${each.resource}`),
    ...(ruled.between ?? [`${ruled.mode} by ${ruled.reason}`]),
  ]
  return { ...ruling('undecided', 'undecided: name'), between }
}

/**
 * The parameters of each rule that may decide, exempted or not: before a look nobody knows the resource's name and tags.
 * Several where a rule asks for what was not read; without a rule those of none.
 */
export function parametersFor(policy: LoadedPolicy, subject: Subject): Ruling['parameters'][] {
  const found = policy.kind === 'none' ? [] : candidates(policy, subject, named(subject))
  const all = found.map(({ rule }) => rule.parameters)
  return isDecided(found) ? all : [...all, {}]
}

/** The pattern of `never` that forbids any change of a resource; 'unread' where that takes a name that was not read. */
export function forbidding(policy: LoadedPolicy, subject: Pick<Subject, 'resource' | 'account'>): Forbidden {
  return policy.kind === 'none' ? undefined : forbiddenBy(policy, named(subject))
}

type Forbidden = { pattern: string } | 'unread' | undefined

function forbiddenBy(policy: PolicyFromFile, about: NamedResource): Forbidden {
  const { resources } = policy.policy.never
  const verdicts = resources.map((pattern) => isResource(pattern, about))
  const pattern = resources[verdicts.indexOf(true)]
  if (pattern !== undefined) return { pattern }
  return verdicts.includes('unread') ? 'unread' : undefined
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

type PolicyFromFile = Extract<LoadedPolicy, { kind: 'file' }>

function ruling(mode: Ruling['mode'], reason: string): Ruling {
  return { mode, reason, parameters: {}, approval: { ...DEFAULT_APPROVAL } }
}

/** A rule that decides, or will if what it asks for and was not read is as it says. */
interface Candidate {
  rule: Rule
  index: number
  unread: string[]
}

/** The rules of which one will decide once all is known: those that ask for more, and the first that does not. */
function candidates(policy: PolicyFromFile, subject: Subject, about: NamedResource): Candidate[] {
  const found: Candidate[] = []
  for (const [index, rule] of policy.policy.rules.entries()) {
    const { tags, managedBy, resource, ...conditions } = rule.when ?? {}
    if (!conditionsHold(conditions, subject)) continue
    const byTags = both(tagsHold(tags, subject.tags), managerHolds(managedBy, subject.tags))
    const verdicts = { tags: byTags, name: isOneOf(resource, about) }
    if (verdicts.tags === false || verdicts.name === false) continue
    const unread = Object.entries(verdicts).flatMap(([what, verdict]) => (verdict === 'unread' ? [what] : []))
    found.push({ rule, index, unread })
    if (unread.length === 0) break
  }
  return found
}

const isDecided = (found: readonly Candidate[]): boolean => found.at(-1)?.unread.length === 0

function firstMatch(policy: PolicyFromFile, subject: Subject, about: NamedResource): Ruling | undefined {
  const found = candidates(policy, subject, about)
  const [first] = found
  if (!first) return undefined
  const { rule, index, unread } = first
  if (unread.length === 0) return ruledBy(rule, rulePlace(rule, index, policy))
  const named = found.map((each) => candidateText(each, policy))
  const between = isDecided(found) ? named : [...named, 'rehearse where no rule matches']
  return { ...ruling('undecided', `undecided: ${unread.join(', ')}`), between }
}

/** `auto by rule 2 (rectify.yaml:7) where tags are environment prod` */
function candidateText({ rule, index, unread }: Candidate, policy: PolicyFromFile): string {
  const { tags = {}, managedBy = [], resource = [] } = rule.when ?? {}
  const asking = [
    ...(unread.includes('tags') && Object.keys(tags).length > 0 ? [`tags are ${tagsText(tags)}`] : []),
    ...(unread.includes('tags') && managedBy.length > 0 ? [`managed by ${managedBy.join(' or ')}`] : []),
    ...(unread.includes('name') ? [`it is called ${resource.join(' or ')}`] : []),
  ].join(' and ')
  return `${rule.mode} by ${rulePlace(rule, index, policy)}${asking && ` where ${asking}`}`
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

function conditionsHold(when: Omit<When, 'tags' | 'managedBy' | 'resource'>, subject: Subject): boolean {
  const holds = (values: readonly string[] | undefined, test: (value: string) => boolean): boolean =>
    values?.some(test) ?? true
  return (
    holds(when.playbook, (id) => id === subject.playbook) &&
    holds(when.source, (source) => source === subject.source) &&
    holds(when.type, (pattern) => wildcard(pattern, subject.type)) &&
    holds(when.account, (account) => account === subject.account) &&
    holds(when.region, (region) => region === subject.region) &&
    (when.severity === undefined || severityHolds(when.severity, subject))
  )
}

function severityHolds(condition: SeverityCondition, { severity }: Subject): boolean {
  if (Array.isArray(condition)) return condition.includes(severity)
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(condition.atLeast)
}

/** Whether something holds; 'unread': that takes what was not read. */
type Verdict = boolean | 'unread'

const both = (one: Verdict, other: Verdict): Verdict =>
  one === false || other === false ? false : one === 'unread' ? one : other

/** Those who manage a resource are told by tags alone. */
function managerHolds(wanted: readonly ManagerKind[] | undefined, tags: Subject['tags']): Verdict {
  if (wanted === undefined) return true
  if (tags === 'unread') return 'unread'
  return managersOf(tags).some(({ by }) => wanted.includes(by))
}

/** Keys are compared exactly, values without the spaces around them; a missing tag is none of the values. */
function tagsHold(wanted: Record<string, string[]> | undefined, tags: Subject['tags']): Verdict {
  if (wanted === undefined) return true
  if (tags === 'unread') return 'unread'
  return Object.entries(wanted).every(
    ([key, values]) => Object.hasOwn(tags, key) && values.includes(tags[key]?.trim() ?? ''),
  )
}

function isOneOf(patterns: readonly string[] | undefined, about: NamedResource): Verdict {
  const verdicts = patterns?.map((pattern) => isResource(pattern, about)) ?? [true]
  if (verdicts.includes(true)) return true
  return verdicts.includes('unread') ? 'unread' : false
}

/** A resource under all names by which a pattern may mean it. */
interface NamedResource {
  /** Asked for by few policies. */
  spellings(): string[]
  name?: string | null
}

function named({ resource, account }: Pick<Subject, 'resource' | 'account'>): NamedResource {
  const { name } = resource
  let spelled: string[] | undefined
  const spellings = () => {
    spelled ??= spellingsOf(resource, account)
    return spelled
  }
  return { spellings, ...(name !== undefined && { name }) }
}

/** By id or ARN, with the account or without; `name:` by the resource's own name. */
function isResource(pattern: string, { spellings, name }: NamedResource): Verdict {
  const wanted = namePattern(pattern)
  if (wanted === undefined) return spellings().some((spelling) => wildcard(pattern, spelling))
  if (name === undefined) return 'unread'
  return name !== null && wildcard(wanted, name)
}

/** Whether an exemption has not ended and is about this playbook. */
function isAbout({ playbook, until }: Exemption, subject: Subject, now: number): boolean {
  return (playbook?.includes(subject.playbook) ?? true) && now <= Date.parse(until)
}

/** A day is named as a day again. */
function exemptionReason({ owner, until, reason }: Exemption): string {
  return `exempted by ${owner} until ${until.replace('T23:59:59.999Z', '')}: ${reason}`
}
