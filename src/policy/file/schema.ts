import * as z from 'zod/mini'
import { MODES } from '../../playbook/plan.ts'
import type { KnownPlaybook, PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { TOLD_DETECTORS, type ToldDetector } from '../../run/told-detector.ts'
import { lastMoment, NO_LAST_MOMENT } from '../exemptions/last-moment.ts'
import { parameterIssues } from '../parameters.ts'
import { approval, people, slack } from './approval-schema.ts'
import { plainWords } from './plain-words.ts'
import { advise } from './sections/advise-schema.ts'
import { freeze } from './sections/freezes-schema.ts'
import { limits } from './sections/limits-schema.ts'
import { neverSchema, type ReadRange, refuseNothing } from './sections/never-schema.ts'
import { tagsOf } from './sections/tags-of-schema.ts'
import { playbookIds, whenSchema } from './sections/when-schema.ts'
import { formed, oneOf, section, text } from './values.ts'

// The small build of zod has no words of its own.
z.config({ localeError: plainWords })

const until = formed(text, (value) => {
  const form = lastMoment(value)
  return form === undefined ? { wrong: NO_LAST_MOMENT } : { form }
}).register(z.globalRegistry, {
  description: 'A date, which counts to its end in UTC, or a time with its zone',
})

const ownFolder = text.register(z.globalRegistry, {
  description: 'A folder with playbooks of your own, from where this file is',
})

const protect = z.boolean().register(z.globalRegistry, {
  description:
    'In S3: whether a version that lets more be done has to name the one it follows (# follows: sha256:...)',
})

/** The detectors that are told what became of their findings. */
const tell = z
  .pipe(
    z.nullish(
      z.strictObject({
        securityhub: z.exactOptional(z.boolean()),
        guardduty: z.exactOptional(z.boolean()),
        config: z.exactOptional(z.boolean()),
        accessanalyzer: z.exactOptional(z.boolean()),
      } satisfies Record<ToldDetector, unknown>),
    ),
    z.transform((said) => TOLD_DETECTORS.filter((detector) => said?.[detector] === true)),
  )
  .register(z.globalRegistry, { description: 'The detectors that are told what became of their findings' })

/**
 * The schema of a policy file; it refuses unknown keys, unknown playbooks and parameters that a playbook refuses.
 * @param readRange for a file that names addresses: it has a library of its own, which others need not load
 */
export function policySchema(playbooks: readonly KnownPlaybook[], readRange?: ReadRange) {
  return z.strictObject({
    version: z.literal(1, 'must be 1'),
    rules: section(ruleSchema(playbooks)),
    exemptions: section(exemptionSchema(playbooks)),
    freezes: section(freeze),
    limits,
    never: neverSchema(playbooks, readRange),
    configRules: z.pipe(
      z.nullish(z.record(text, oneOf('rule of AWS Config', identifiersOf(playbooks)))),
      z.transform((said) => Object.entries(said ?? {}).map(([rule, identifier]) => ({ rule, identifier }))),
    ),
    tell,
    tagsOf: z.exactOptional(tagsOf),
    advise: z.exactOptional(advise),
    slack: z.exactOptional(slack),
    people: z.exactOptional(people),
    playbooks: z.exactOptional(ownFolder),
    protect: z.exactOptional(protect),
  })
}

function ruleSchema(playbooks: readonly KnownPlaybook[]) {
  return z
    .strictObject({
      when: z.exactOptional(whenSchema(playbooks)),
      mode: oneOf('mode', MODES),
      parameters: z.exactOptional(z.record(z.string(), z.unknown())),
      approval: z.prefault(approval, {}),
    })
    .check(
      z.superRefine(({ when: conditions, parameters }, context) => {
        const named = conditions?.playbook ?? []
        for (const pattern of conditions?.resource ?? []) {
          refuseNothing({ pattern, playbooks, named, path: ['when', 'resource'] }, context)
        }
        const but = conditions?.not
        for (const pattern of but?.resource ?? []) {
          const path = ['when', 'not', 'resource']
          refuseNothing({ pattern, playbooks, named: but?.playbook ?? named, path }, context)
        }
        if (parameters === undefined) return
        for (const { path, message } of parameterIssues(playbooks, named, parameters)) {
          context.addIssue({ code: 'custom', path: ['parameters', ...path], message })
        }
      }),
    )
    .register(z.globalRegistry, { title: 'rule' })
}

function exemptionSchema(playbooks: readonly PlaybookHead[]) {
  const playbook = z.exactOptional(playbookIds(playbooks))
  return z
    .strictObject({ resource: text, playbook, owner: text, reason: text, until })
    .check(
      z.superRefine(({ resource, playbook: named = [] }, context) =>
        refuseNothing({ pattern: resource, playbooks, named, path: ['resource'] }, context),
      ),
    )
}

/** The managed rules of AWS Config that playbooks answer, by SourceIdentifier. */
function identifiersOf(playbooks: readonly PlaybookHead[]): string[] {
  const types = playbooks.flatMap(({ answers }) => answers.filter(({ source }) => source === 'config'))
  return [...new Set(types.flatMap((matcher) => matcher.types))]
    .filter((type) => /^[A-Z][A-Z0-9_]*$/.test(type))
    .sort()
}
