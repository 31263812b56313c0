import { decide, exemptionReason } from '../decide.ts'
import { freezesFor, frozenByOne } from '../freezes/freeze.ts'
import { meansRoleOrUser } from '../never.ts'
import { rulePlace } from '../rule-place.ts'
import type { LoadedPolicy, PolicyFromFile, Ruling, Subject } from '../rules.ts'
import type { Facts } from './compiled-conditions.ts'
import { outcomeOf } from './compiled-conditions.ts'
import { type ExplainedCondition, explainedConditions } from './explained-rule.ts'
import { named, type Verdict } from './named-resource.ts'
import { indexOf } from './policy-index.ts'

/** What a rule says of a finding. `decides otherwise`: where none that may decide does; `later`: one before it has. */
export type RuleAnswer = 'decides' | 'may decide' | 'decides otherwise' | 'does not match' | 'later'

export interface ExplainedRule {
  /** `rule 2 (rectify.yaml:7)` */
  place: string
  mode: string
  answer: RuleAnswer
  /** Why; not of a rule that is asked no more. */
  conditions: ExplainedCondition[]
}

/** Of a guard rail what holds, or may, and how many others there are. */
export interface ExplainedRail {
  holding: { what: string; holds: true | 'unread' }[]
  others: number
}

export interface ExplainedDecision {
  mode: Ruling['mode']
  reason: string
  /** While undecided: the rules of which one will decide. */
  between?: string[]
  never: ExplainedRail
  exemptions: ExplainedRail
  /** They change no decision, and hold what it permits. */
  freezes: ExplainedRail
  rules: ExplainedRule[]
}

/** Why a policy says what it says: each rule in its order, with what it asks for and what there is. Pure. */
export function explainDecision(policy: LoadedPolicy, subject: Subject, now: number): ExplainedDecision {
  const { mode, reason, between } = decide(policy, subject, now)
  const decision = { mode, reason, ...(between && { between: between.map(({ text }) => text) }) }
  const nothing: ExplainedRail = { holding: [], others: 0 }
  if (policy.kind === 'none') {
    return { ...decision, never: nothing, exemptions: nothing, freezes: nothing, rules: [] }
  }
  const facts: Facts = { subject, about: named(subject), now }
  return {
    ...decision,
    never: explainedNever(policy, facts),
    exemptions: explainedExemptions(policy, facts, now),
    freezes: explainedFreezes(policy, subject, now),
    rules: explainedRules(policy, facts),
  }
}

function explainedRules(policy: PolicyFromFile, facts: Facts): ExplainedRule[] {
  const { conditions } = indexOf(policy.policy)
  let [isOpen, isDecided] = [false, false]
  const answerOf = (index: number): RuleAnswer => {
    if (isDecided) return 'later'
    const outcome = outcomeOf(conditions[index]!, facts)
    if (outcome === false) return 'does not match'
    isDecided = outcome.length === 0
    if (isDecided) return isOpen ? 'decides otherwise' : 'decides'
    isOpen = true
    return 'may decide'
  }
  return policy.policy.rules.map((rule, index) => {
    const answer = answerOf(index)
    const why = answer === 'later' ? [] : explainedConditions(rule.when ?? {}, conditions[index]!, facts)
    return { place: rulePlace(rule, index, policy), mode: rule.mode, answer, conditions: why }
  })
}

function rail(all: readonly { what: string; holds: Verdict }[]): ExplainedRail {
  const holding = all.flatMap(({ what, holds }) => (holds === false ? [] : [{ what, holds }]))
  return { holding, others: all.length - holding.length }
}

function explainedNever(policy: PolicyFromFile, { about }: Facts): ExplainedRail {
  const { accounts, roles } = policy.policy.never
  return rail([
    ...accounts.map((account) => ({ what: `account ${account}`, holds: account === about.account })),
    ...roles.map((pattern) => ({ what: pattern, holds: meansRoleOrUser(pattern, about.arn) })),
    ...indexOf(policy.policy).forbidding.map(({ pattern, means }) => ({
      what: pattern,
      holds: means(about),
    })),
  ])
}

function explainedExemptions(policy: PolicyFromFile, { about, subject }: Facts, now: number): ExplainedRail {
  return rail(
    indexOf(policy.policy).exempting.map(({ exemption, until, playbooks, means }) => ({
      what: `${exemption.resource}: ${exemptionReason(exemption)} (line ${exemption.line})`,
      holds: now <= until && (playbooks?.has(subject.playbook) ?? true) && means(about),
    })),
  )
}

/** A calendar is asked when a run is about to change something, and not here. */
function explainedFreezes(policy: PolicyFromFile, subject: Subject, now: number): ExplainedRail {
  const applying = new Set(freezesFor(policy, subject))
  return rail(
    policy.policy.freezes.map((freeze) => {
      const { name, line, kind } = freeze
      const isApplying = applying.has(freeze)
      const frozen = isApplying ? frozenByOne([freeze], now) : undefined
      const until = frozen ? ` until ${new Date(frozen.until).toISOString()}` : ''
      const isAsked = isApplying && kind === 'calendar'
      return { what: `${name}${until} (line ${line})`, holds: isAsked ? 'unread' : frozen !== undefined }
    }),
  )
}
