import { basename } from 'node:path'
import type { DecidedBy } from '../run/decided-by.ts'
import { DEFAULT_APPROVAL } from './approvers.ts'
import { askedText } from './conditions/asked-text.ts'
import { type Facts, outcomeOf } from './conditions/compiled-conditions.ts'
import { type NamedResource, named } from './conditions/named-resource.ts'
import { ANY_PLAYBOOK } from './conditions/pattern-index.ts'
import { type Exempting, indexOf, type PolicyIndex } from './conditions/policy-index.ts'
import { momentText } from './exemptions/last-moment.ts'
import { forbiddenRole } from './never.ts'
import { rulePlace } from './rule-place.ts'
import type {
  Exemption,
  LoadedPolicy,
  MayDecide,
  PolicyFromFile,
  Rule,
  Ruling,
  Subject,
  Unread,
} from './rules.ts'

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
  const index = indexOf(policy.policy)
  const facts = { subject, about: named(subject), now }
  const forbidden = forbiddenBy(policy, index, facts.about)
  if (forbidden !== undefined && forbidden !== 'unread') {
    const { pattern } = forbidden
    return { ...ruling('blocked', neverReason(pattern, policy)), by: { kind: 'never', pattern } }
  }
  const { exemption, spared } = exemptionOf(index, facts, now)
  if (exemption) return { ...ruling('exempted', exemptionReason(exemption)), by: byExemption(exemption) }
  const ruled = firstMatch(policy, index, facts) ?? ruling('rehearse', NO_RULE)
  if (forbidden !== 'unread' && spared.length === 0) return ruled
  const between: MayDecide[] = [
    ...(forbidden === 'unread' ? [{ mode: 'blocked' as const, text: NAMED_BY_NEVER }] : []),
    ...spared.map((each): MayDecide => {
      const where = `it is called ${each.resource}`
      const text = `${exemptionReason(each)} where ${where}`
      return { mode: 'exempted', by: byExemption(each), where, text }
    }),
    ...(ruled.between ?? [{ ...ruledAs(ruled), text: `${ruled.mode} by ${ruled.reason}` }]),
  ]
  return undecided(['name'], between)
}

const ruledAs = ({ mode, by }: Ruling): Pick<MayDecide, 'mode' | 'by'> => ({ mode, ...(by && { by }) })
const NAMED_BY_NEVER = 'blocked where its name is one of never'
const byExemption = ({ resource, until }: Exemption): DecidedBy => ({
  kind: 'exemption',
  origin: 'file',
  resource,
  until,
})

/** What is said where no rule matches. */
export const NO_RULE = 'no rule matches'

/** `never: sg-0b (rectify.yaml)` */
function neverReason(pattern: string, { deployed, file }: PolicyFromFile): string {
  return `never: ${pattern} (${deployed ? 'the deployed policy' : basename(file)})`
}

/**
 * The parameters of each rule that may decide, exempted or not: before a look nobody knows the resource's name and tags.
 * Several where a rule asks for what was not read; without a rule those of none. Without `now` no age is known.
 */
export function parametersFor(policy: LoadedPolicy, subject: Subject, now?: number): Ruling['parameters'][] {
  if (policy.kind === 'none') return [{}]
  const facts = { subject, about: named(subject), ...(now !== undefined && { now }) }
  const found = candidates(policy, indexOf(policy.policy), facts)
  const all = found.map(({ rule }) => rule.parameters)
  return isDecided(found) ? all : [...all, {}]
}

/** The pattern of `never` that forbids any change of a resource; 'unread' where that takes a name that was not read. */
export function forbidding(policy: LoadedPolicy, subject: Pick<Subject, 'resource' | 'account'>): Forbidden {
  return policy.kind === 'none' ? undefined : forbiddenBy(policy, indexOf(policy.policy), named(subject))
}

type Forbidden = { pattern: string } | 'unread' | undefined

function forbiddenBy(policy: PolicyFromFile, index: PolicyIndex, about: NamedResource): Forbidden {
  if (index.accounts.has(about.account)) return { pattern: `account ${about.account}` }
  const role = forbiddenRole(policy, about.arn)
  if (role !== undefined) return { pattern: role }
  const { never, forbidding } = index
  const found = never.find(about, ANY_PLAYBOOK).find((at) => forbidding[at]!.means(about) === true)
  if (found !== undefined) return forbidding[found]
  return about.name === undefined && never.named(ANY_PLAYBOOK).length > 0 ? 'unread' : undefined
}

/** The first exemption that holds, or those that hold where the resource is called so. */
function exemptionOf(
  { exemptions, exempting }: PolicyIndex,
  { subject: { playbook }, about }: Facts,
  now: number,
): { exemption?: Exemption; spared: Exemption[] } {
  const isRunning = ({ playbooks, until }: Exempting) => (playbooks?.has(playbook) ?? true) && now <= until
  for (const at of exemptions.find(about, playbook)) {
    const each = exempting[at]!
    if (isRunning(each) && each.means(about) === true) return { exemption: each.exemption, spared: [] }
  }
  if (about.name !== undefined) return { spared: [] }
  const named = exemptions.named(playbook).map((at) => exempting[at]!)
  return { spared: named.filter(isRunning).map(({ exemption }) => exemption) }
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

function undecided(unread: readonly Unread[], between: MayDecide[]): Ruling {
  return { ...ruling('undecided', `undecided: ${unread.join(', ')}`), unread, between }
}

/** A rule that decides, or will if what it asks for and was not read is as it says. */
export interface Candidate {
  rule: Rule
  index: number
  unread: readonly Unread[]
}

/** The rules of which one will decide once all is known: those that ask for more, and the first that does not. */
export function candidates(
  { policy }: PolicyFromFile,
  { rules, conditions }: PolicyIndex,
  facts: Facts,
): Candidate[] {
  const found: Candidate[] = []
  for (const index of rules.find(facts)) {
    const unread = outcomeOf(conditions[index]!, facts)
    if (unread === false) continue
    found.push({ rule: policy.rules[index]!, index, unread })
    if (unread.length === 0) break
  }
  return found
}

const isDecided = (found: readonly Candidate[]): boolean => found.at(-1)?.unread.length === 0

function firstMatch(policy: PolicyFromFile, index: PolicyIndex, facts: Facts): Ruling | undefined {
  const found = candidates(policy, index, facts)
  const [first] = found
  if (!first) return undefined
  const { rule, unread } = first
  if (unread.length === 0) {
    const { mode, parameters, approval } = rule
    const reason = rulePlace(rule, first.index, policy)
    return { mode, reason, by: byRule(first), parameters, approval }
  }
  const named = found.map((each) => mayDecide(each, policy))
  const otherwise: MayDecide = { mode: 'rehearse', text: 'rehearse where no rule matches' }
  return undecided(unread, isDecided(found) ? named : [...named, otherwise])
}

const byRule = ({ rule: { line }, index }: Candidate): DecidedBy => ({
  kind: 'rule',
  number: index + 1,
  line,
})

function mayDecide(candidate: Candidate, policy: PolicyFromFile): MayDecide {
  const { rule, index, unread } = candidate
  const where = askedText(rule.when ?? {}, unread)
  const text = `${rule.mode} by ${rulePlace(rule, index, policy)}`
  const known = { mode: rule.mode, by: byRule(candidate) }
  return where ? { ...known, where, text: `${text} where ${where}` } : { ...known, text }
}

/** `exempted by netops until 2027-01-31: public bastion` */
export function exemptionReason({
  owner,
  until,
  reason,
}: Pick<Exemption, 'owner' | 'until' | 'reason'>): string {
  return `exempted by ${owner} until ${momentText(until)}: ${reason}`
}
