import * as z from 'zod/mini'
import type { Json } from '../../playbook/json.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'

/** A playbook as `--json` shows it: everything that is data, parameters with their defaults. */
export function playbookJson(playbook: AnyPlaybook) {
  const { id, kind, title, resource, answers, suggestedMode, reads, writes } = playbook
  return {
    id,
    kind,
    title,
    resource,
    suggestedMode,
    answers,
    nameOf: playbook.nameOf ?? null,
    tagsOf: playbook.tagsOf,
    parameters: playbook.parameters.parse({}) as Record<string, Json>,
    parameterDescriptions: descriptions(playbook),
    reads,
    optionalReads: playbook.optionalReads ?? [],
    readsAlsoNeed: playbook.readsAlsoNeed ?? [],
    readsOn: playbook.readsOn ?? {},
    writes,
    ...(playbook.writesAlsoNeed && { writesAlsoNeed: playbook.writesAlsoNeed }),
    implements: playbook.implements,
    ...(playbook.about && { about: playbook.about }),
  }
}

/** What each parameter means, in the words of its schema. */
function descriptions({ parameters }: AnyPlaybook): Record<string, string> {
  const { properties = {} } = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' })
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      (typeof schema === 'object' && schema.description) || '',
    ]),
  )
}
