import type { ManagerKind } from '../../playbook/managed-by.ts'
import { decide, NO_RULE } from '../decide.ts'
import { namePattern } from '../resource-patterns.ts'
import type { Policy, PolicyFromFile, Rule, Subject } from '../rules.ts'
import type { BothPolicies } from './one-sided-guards.ts'

/** What policies ask of a resource that only a look at it tells. */
export interface Asked {
  /** Keys of tags, and what their values are compared with. */
  tags: Map<string, Set<string>>
  managers: Set<ManagerKind>
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
  const asked: Asked = { tags: new Map(), managers: new Set(), names: new Set(), resources: new Set() }
  const addPattern = (pattern: string) => {
    const name = namePattern(pattern)
    if (name !== undefined) asked.names.add(name)
    else if (!isNamed) asked.resources.add(pattern)
  }
  for (const policy of policies) {
    for (const { when = {} } of rulesThatMay(policy, subject, isNamed, now)) {
      for (const { tags = {}, managedBy = [], resource = [] } of [when, when.not ?? {}]) {
        for (const [key, values] of Object.entries(tags)) {
          const known = asked.tags.get(key) ?? new Set()
          asked.tags.set(key, new Set([...known, ...values]))
        }
        for (const kind of managedBy) asked.managers.add(kind)
        resource.forEach(addPattern)
      }
    }
  }
  guards.forEach(addPattern)
  return asked
}

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
