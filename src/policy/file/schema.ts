import * as z from 'zod/mini'
import { SEVERITIES, type Source } from '../../findings/finding.ts'
import { guardDutyType } from '../../findings/sources/guardduty-type.ts'

import { MANAGERS } from '../../playbook/managed-by.ts'
import { MODES } from '../../playbook/playbook.ts'
import type { KnownPlaybook, PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { TOLD_DETECTORS, type ToldDetector } from '../../run/told-detector.ts'
import { parameterIssues } from '../parameters.ts'
import { whyNothing } from '../resource-patterns.ts'
import { approval, people, slack } from './approval-schema.ts'
import { plainWords } from './plain-words.ts'
import { didYouMean } from './spelling.ts'
import { formed, oneOrMore, section, text } from './values.ts'

// The small build of zod has no words of its own.
z.config({ localeError: plainWords })

const SOURCES = Object.keys({
  config: true,
  guardduty: true,
  securityhub: true,
  inspector: true,
  trustedadvisor: true,
  cloudtrail: true,
  accessanalyzer: true,
  macie: true,
  health: true,
  prowler: true,
  custodian: true,
  schedule: true,
  ssm: true,
  tag: true,
  manual: true,
} satisfies Record<Source, true>) as Source[]

const oneOf = <const T extends string>(what: string, values: readonly T[]) =>
  z.enum(values, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, values) : ''
      return `unknown ${what} ${JSON.stringify(input)}${near || `; one of ${values.join(', ')}`}`
    },
  })

const account = z
  .string('an account is text of 12 digits: write it in quotes (YAML reads digits as a number)')
  .check(z.regex(/^\d{12}$/, 'an account has 12 digits'))

const region = text.check(z.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'is not a region, such as eu-central-1'))

/** Old policies may have GuardDuty's old spelling; findings have the new one. */
const findingType = formed(text, (value) => ({ form: guardDutyType(value) }))

const time = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })])

/** The last moment, ISO 8601 UTC. A day counts to its end. */
const lastMoment = formed(text, (value) => {
  if (z.iso.date().safeParse(value).success) return { form: `${value}T23:59:59.999Z` }
  if (time.safeParse(value).success) return { form: new Date(value).toISOString() }
  return { wrong: 'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)' }
}).register(z.globalRegistry, {
  description: 'A date, which counts to its end in UTC, or a time with its zone',
})

/** Reads an address or a range, as `addressRange` does. */
export type ReadRange = (text: string) => string | undefined

/** Kept as a CIDR range of its network address. */
const rangeReadBy = (read: ReadRange) =>
  formed(text, (value) => {
    const range = read(value)
    if (range !== undefined) return { form: range }
    return { wrong: 'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)' }
  })

/** A policy is never checked by halves. */
const notLoaded: ReadRange = () => {
  throw new Error('a policy is asked for its addresses before what reads them is loaded')
}

const ownFolder = text.register(z.globalRegistry, {
  description: 'A folder with playbooks of your own, from where this file is',
})

const notYet = z.exactOptional(z.never('not supported yet'))

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

const severity = oneOf('severity', SEVERITIES)

const tags = z
  .record(z.string(), oneOrMore(text))
  .check(z.refine((given) => Object.keys(given).length > 0, 'needs at least one tag'))

/**
 * The schema of a policy file; it refuses unknown keys, unknown playbooks and parameters that a playbook refuses.
 * @param readRange for a file that names addresses: it has a library of its own, which others need not load
 */
export function policySchema(playbooks: readonly KnownPlaybook[], readRange: ReadRange = notLoaded) {
  const ids = playbooks.map(({ id }) => id)
  const playbook = z.exactOptional(oneOrMore(oneOf('playbook', ids)))
  return z.strictObject({
    version: z.literal(1, 'must be 1'),
    rules: section(ruleSchema(playbooks, playbook)),
    exemptions: section(exemptionSchema(playbooks, playbook)),
    freezes: notYet,
    limits: notYet,
    never: z.pipe(
      z.nullish(neverSchema(playbooks, readRange)),
      z.transform((given) => given ?? { addresses: [], resources: [] }),
    ),
    configRules: z.pipe(
      z.nullish(z.record(text, oneOf('rule of AWS Config', identifiersOf(playbooks)))),
      z.transform((said) => Object.entries(said ?? {}).map(([rule, identifier]) => ({ rule, identifier }))),
    ),
    tell,
    slack: z.exactOptional(slack),
    people: z.exactOptional(people),
    playbooks: z.exactOptional(ownFolder),
  })
}

/** The ids of one or more playbooks, where they are named. */
type NamedPlaybooks = z.ZodMiniExactOptional<z.ZodMiniType<string[]>>

function ruleSchema(playbooks: readonly KnownPlaybook[], playbook: NamedPlaybooks) {
  const when = z.strictObject({
    playbook,
    source: z.exactOptional(oneOrMore(oneOf('source', SOURCES))),
    type: z.exactOptional(oneOrMore(findingType)),
    severity: z.exactOptional(z.union([oneOrMore(severity), z.strictObject({ atLeast: severity })])),
    account: z.exactOptional(oneOrMore(account)),
    region: z.exactOptional(oneOrMore(region)),
    resource: z.exactOptional(oneOrMore(text)),
    tags: z.exactOptional(tags),
    managedBy: z.exactOptional(oneOrMore(oneOf('manager', MANAGERS))),
  })
  return z
    .strictObject({
      when: z.exactOptional(when),
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
        if (parameters === undefined) return
        for (const { path, message } of parameterIssues(playbooks, named, parameters)) {
          context.addIssue({ code: 'custom', path: ['parameters', ...path], message })
        }
      }),
    )
    .register(z.globalRegistry, { title: 'rule' })
}

function exemptionSchema(playbooks: readonly PlaybookHead[], playbook: NamedPlaybooks) {
  return z
    .strictObject({ resource: text, playbook, owner: text, reason: text, until: lastMoment })
    .check(
      z.superRefine(({ resource, playbook: named = [] }, context) =>
        refuseNothing({ pattern: resource, playbooks, named, path: ['resource'] }, context),
      ),
    )
}

function neverSchema(playbooks: readonly PlaybookHead[], readRange: ReadRange) {
  const resource = text.check(
    z.superRefine((pattern, context) => refuseNothing({ pattern, playbooks, named: [], path: [] }, context)),
  )
  return z.strictObject({ addresses: section(rangeReadBy(readRange)), resources: section(resource) })
}

/** A pattern that can match nothing is refused. */
function refuseNothing(
  {
    pattern,
    playbooks,
    named,
    path,
  }: { pattern: string; playbooks: readonly PlaybookHead[]; named: readonly string[]; path: string[] },
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const wrong = whyNothing(pattern, playbooks, named)
  if (wrong !== undefined) context.addIssue({ code: 'custom', path, message: `"${pattern}" ${wrong}` })
}

/** The managed rules of AWS Config that playbooks answer, by SourceIdentifier. */
function identifiersOf(playbooks: readonly PlaybookHead[]): string[] {
  const types = playbooks.flatMap(({ answers }) => answers.filter(({ source }) => source === 'config'))
  return [...new Set(types.flatMap((matcher) => matcher.types))]
    .filter((type) => /^[A-Z][A-Z0-9_]*$/.test(type))
    .sort()
}
