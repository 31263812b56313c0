import type { Json } from '../playbook/json.ts'
import type { AnyPlaybook } from '../playbook/playbook.ts'

/** A playbook as `--json` shows it: everything that is data, parameters with their defaults. */
export function playbookJson(playbook: AnyPlaybook) {
  const { id, title, resource, answers, suggestedMode, reads, writes } = playbook
  return {
    id,
    title,
    resource,
    suggestedMode,
    answers,
    nameOf: playbook.nameOf ?? null,
    tagsOf: playbook.tagsOf,
    parameters: playbook.parameters.parse({}) as Record<string, Json>,
    reads,
    optionalReads: playbook.optionalReads ?? [],
    readsAlsoNeed: playbook.readsAlsoNeed ?? [],
    readsOn: playbook.readsOn ?? {},
    writes,
    implements: playbook.implements,
  }
}
