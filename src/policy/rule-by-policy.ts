import { wildcard } from '../playbook/matchers.ts'
import type { LoadedPolicy } from './rules.ts'

/**
 * What the policy says that a rule of AWS Config is (`configRules`), by SourceIdentifier: an exact name before
 * patterns, of these the first in the file. Undefined where it says nothing. Pure.
 */
export function ruleByPolicy(policy: LoadedPolicy, name: string): string | undefined {
  if (policy.kind === 'none') return undefined
  const said = policy.policy.configRules
  const exact = said.find((entry) => entry.rule === name)
  return (exact ?? said.find(({ rule }) => wildcard(rule, name)))?.identifier
}
