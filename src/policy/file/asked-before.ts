import { wildcard } from '../../playbook/matchers.ts'

/** What a policy file asks of what is loaded late, by its value before it is checked. Pure. */

/**
 * Tells the ids of the playbooks that rules name which set parameters: their check takes the schemas of just these. What
 * is not formed like a policy names none.
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

/** Whether it says which addresses are never blocked, in whatever form. */
export function namesAddresses(value: unknown): boolean {
  return fieldOf(fieldOf(value, 'never'), 'addresses') !== undefined
}

function fieldOf(value: unknown, name: string): unknown {
  return (Object(value) as Record<string, unknown>)[name]
}
