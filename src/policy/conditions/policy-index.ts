import type { Exemption, Policy } from '../rules.ts'
import { type CompiledWhen, compiledWhen } from './compiled-conditions.ts'
import { type NamedResource, resourceTest, type Verdict } from './named-resource.ts'
import { ANY_PLAYBOOK, type PatternIndex, patternIndex, playbookKeys } from './pattern-index.ts'
import { type RuleIndex, ruleIndex } from './rule-index.ts'

/** A policy as it is asked: made once for each that is loaded. */
export interface PolicyIndex {
  rules: RuleIndex
  /** Of each rule. */
  conditions: readonly CompiledWhen[]
  exemptions: PatternIndex
  exempting: readonly Exempting[]
  never: PatternIndex
  forbidding: readonly { pattern: string; means: (about: NamedResource) => Verdict }[]
  accounts: ReadonlySet<string>
}

export interface Exempting {
  exemption: Exemption
  /** ms since 1970, UTC: the last moment. */
  until: number
  playbooks?: ReadonlySet<string>
  means: (about: NamedResource) => Verdict
}

const indexes = new WeakMap<Policy, PolicyIndex>()

export function indexOf(policy: Policy): PolicyIndex {
  const known = indexes.get(policy)
  if (known) return known
  const made = policyIndex(policy)
  indexes.set(policy, made)
  return made
}

function policyIndex({ rules, exemptions, never }: Policy): PolicyIndex {
  return {
    rules: ruleIndex(rules),
    conditions: rules.map(({ when }) => compiledWhen(when)),
    exemptions: patternIndex(
      exemptions.map(({ resource, playbook }, owner) => ({
        pattern: resource,
        playbooks: playbookKeys(playbook),
        owner,
      })),
    ),
    exempting: exemptions.map((exemption) => ({
      exemption,
      until: Date.parse(exemption.until),
      ...(exemption.playbook && { playbooks: new Set(exemption.playbook) }),
      means: resourceTest(exemption.resource),
    })),
    never: patternIndex(
      never.resources.map((pattern, owner) => ({ pattern, playbooks: [ANY_PLAYBOOK], owner })),
    ),
    forbidding: never.resources.map((pattern) => ({ pattern, means: resourceTest(pattern) })),
    accounts: new Set(never.accounts),
  }
}
