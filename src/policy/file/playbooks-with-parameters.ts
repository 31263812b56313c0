import { wildcard } from '../../playbook/matchers.ts'

/**
 * Tells the ids of the playbooks that rules name which set parameters, by the value of a policy file: asked before it is
 * checked, which takes the schemas of just these. What is not formed like a policy names none. Pure.
 */
export function setsParameters(value: unknown): (id: string) => boolean {
  const rules = fieldOf(value, 'rules')
  const setting = Array.isArray(rules)
    ? rules.filter((rule) => fieldOf(rule, 'parameters') !== undefined)
    : []
  const named = new Set(setting.flatMap((rule) => fieldOf(fieldOf(rule, 'when'), 'playbook')))
  const patterns = [...named].filter((name) => typeof name === 'string')
  return (id) => patterns.some((pattern) => wildcard(pattern.trim(), id))
}

function fieldOf(value: unknown, name: string): unknown {
  return (Object(value) as Record<string, unknown>)[name]
}
