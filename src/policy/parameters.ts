import { isLate, type KnownPlaybook } from '../playbook/service/known-playbook.ts'
import { type Explained, explain } from './explain.ts'

/**
 * What is wrong with a rule's parameters, by the schema of each playbook that the rule names. Parameters of a rule
 * without a playbook would go to playbooks that know nothing of them, so the rule must name one.
 * @param playbooks those that the rule names are loaded
 */
export function parameterIssues(
  playbooks: readonly KnownPlaybook[],
  named: readonly string[],
  parameters: Record<string, unknown>,
): Explained[] {
  if (named.length === 0) {
    return [{ path: [], message: 'belong to a playbook: name it in the rule (when: { playbook: ... })' }]
  }
  return playbooks
    .filter(({ id }) => named.includes(id))
    .flatMap((playbook) => {
      if (isLate(playbook))
        throw new Error(`playbook ${playbook.id} is asked for its parameters before it is loaded`)
      const { id, parameters: schema } = playbook
      const { error } = schema.safeParse(parameters, { reportInput: true })
      const problems = error ? explain(schema, error.issues) : []
      return problems.map(({ path, message }) => ({ path, message: `${message} (${id})` }))
    })
}
