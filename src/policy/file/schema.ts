import ipaddr from 'ipaddr.js'
import * as z from 'zod/mini'
import { SEVERITIES, type Source } from '../../findings/finding.ts'
import { guardDutyType } from '../../findings/sources/guardduty-type.ts'
import { type AnyPlaybook, MODES } from '../../playbook/playbook.ts'
import { whyNobody } from '../approver-patterns.ts'
import { DEFAULT_APPROVAL, SLACK_ID } from '../approvers.ts'
import { parameterIssues } from '../parameters.ts'
import { whyNothing } from '../resource-patterns.ts'
import { BadDuration, durationMs, parseDuration } from '../written-durations.ts'
import { plainWords } from './plain-words.ts'
import { didYouMean } from './spelling.ts'

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
  manual: true,
} satisfies Record<Source, true>) as Source[]

/** Text. YAML reads `12` and `true` as something else: say so. */
const text = z
  .string({
    error: ({ input }) => `must be text${isScalar(input) ? ': write it in quotes, as it stands' : ''}`,
  })
  .check(z.trim(), z.minLength(1, 'must not be empty'))

/** One value or a list; kept as a list. An empty list would never hold, which nobody means. */
const oneOrMore = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.union([item, z.array(item).check(z.minLength(1, 'needs at least one value'))]),
    z.transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]),
  )

/** A section of the file may be empty: `exemptions:` with every line below it commented out. */
const section = <T extends z.ZodMiniType>(item: T) =>
  z.pipe(
    z.nullish(z.array(item)),
    z.transform((items) => items ?? []),
  )

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

/** Brings a text into one form; what throws `BadDuration` or gives no form is refused with the reason. */
function formed(
  given: z.ZodMiniString<string>,
  form: (text: string) => { form: string } | { wrong: string },
) {
  return z.pipe(
    given,
    z.transform((value: string, context) => {
      const found = form(value)
      if ('form' in found) return found.form
      context.issues.push({ code: 'custom', message: found.wrong, input: value })
      return z.NEVER
    }),
  )
}

const duration = formed(
  z.string('is not a duration; write 30m, 24h, 7d or ISO 8601 (PT4H)').check(z.trim()),
  (value) => {
    try {
      const iso = parseDuration(value)
      return durationMs(iso) > 0 ? { form: iso } : { wrong: 'must be longer than nothing' }
    } catch (error) {
      if (!(error instanceof BadDuration)) throw error
      return { wrong: error.message }
    }
  },
).register(z.globalRegistry, { description: '30m, 24h, 7d or ISO 8601 (PT4H)' })

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

/** Kept as a CIDR range of its network address. */
const addressRange = formed(text, (value) => {
  const range = asRange(value)
  if (range !== undefined) return { form: range }
  return { wrong: 'is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)' }
})

const approver = text.check(
  z.superRefine((value, context) => {
    const wrong = SLACK_ID.test(value) ? undefined : whyNobody(value)
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong })
  }),
)

const ownFolder = text.register(z.globalRegistry, {
  description: 'A folder with playbooks of your own, from where this file is',
})

const notYet = z.exactOptional(z.never('not supported yet'))

const approval = z.strictObject({
  channel: z.exactOptional(text),
  approvers: z.exactOptional(oneOrMore(approver)),
  quorum: z._default(
    z.int('must be a whole number').check(z.gte(1, 'must be at least 1')),
    DEFAULT_APPROVAL.quorum,
  ),
  expiresAfter: z.prefault(duration, DEFAULT_APPROVAL.expiresAfter),
  onExpiry: z._default(z.literal('decline', 'must be decline'), 'decline'),
})

const severity = oneOf('severity', SEVERITIES)

const tags = z
  .record(z.string(), oneOrMore(text))
  .check(z.refine((given) => Object.keys(given).length > 0, 'needs at least one tag'))

/** The schema of a policy file; it refuses unknown keys, unknown playbooks and parameters that a playbook refuses. */
export function policySchema(playbooks: readonly AnyPlaybook[]) {
  const ids = playbooks.map(({ id }) => id)
  const playbook = z.exactOptional(oneOrMore(oneOf('playbook', ids)))
  return z.strictObject({
    version: z.literal(1, 'must be 1'),
    rules: section(ruleSchema(playbooks, playbook)),
    exemptions: section(exemptionSchema(playbooks, playbook)),
    freezes: notYet,
    limits: notYet,
    never: z.pipe(
      z.nullish(neverSchema(playbooks)),
      z.transform((given) => given ?? { addresses: [], resources: [] }),
    ),
    configRules: z.pipe(
      z.nullish(z.record(text, oneOf('rule of AWS Config', identifiersOf(playbooks)))),
      z.transform((said) => Object.entries(said ?? {}).map(([rule, identifier]) => ({ rule, identifier }))),
    ),
    playbooks: z.exactOptional(ownFolder),
  })
}

/** The ids of one or more playbooks, where they are named. */
type NamedPlaybooks = z.ZodMiniExactOptional<z.ZodMiniType<string[]>>

function ruleSchema(playbooks: readonly AnyPlaybook[], playbook: NamedPlaybooks) {
  const when = z.strictObject({
    playbook,
    source: z.exactOptional(oneOrMore(oneOf('source', SOURCES))),
    type: z.exactOptional(oneOrMore(findingType)),
    severity: z.exactOptional(z.union([oneOrMore(severity), z.strictObject({ atLeast: severity })])),
    account: z.exactOptional(oneOrMore(account)),
    region: z.exactOptional(oneOrMore(region)),
    resource: z.exactOptional(oneOrMore(text)),
    tags: z.exactOptional(tags),
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

function exemptionSchema(playbooks: readonly AnyPlaybook[], playbook: NamedPlaybooks) {
  return z
    .strictObject({ resource: text, playbook, owner: text, reason: text, until: lastMoment })
    .check(
      z.superRefine(({ resource, playbook: named = [] }, context) =>
        refuseNothing({ pattern: resource, playbooks, named, path: ['resource'] }, context),
      ),
    )
}

function neverSchema(playbooks: readonly AnyPlaybook[]) {
  const resource = text.check(
    z.superRefine((pattern, context) => refuseNothing({ pattern, playbooks, named: [], path: [] }, context)),
  )
  return z.strictObject({ addresses: section(addressRange), resources: section(resource) })
}

/** A pattern that can match nothing is refused. */
function refuseNothing(
  {
    pattern,
    playbooks,
    named,
    path,
  }: { pattern: string; playbooks: readonly AnyPlaybook[]; named: readonly string[]; path: string[] },
  context: { addIssue(issue: { code: 'custom'; path: string[]; message: string }): void },
): void {
  const wrong = whyNothing(pattern, playbooks, named)
  if (wrong !== undefined) context.addIssue({ code: 'custom', path, message: `"${pattern}" ${wrong}` })
}

/** The managed rules of AWS Config that playbooks answer, by SourceIdentifier. */
function identifiersOf(playbooks: readonly AnyPlaybook[]): string[] {
  const types = playbooks.flatMap(({ answers }) => answers.filter(({ source }) => source === 'config'))
  return [...new Set(types.flatMap((matcher) => matcher.types))]
    .filter((type) => /^[A-Z][A-Z0-9_]*$/.test(type))
    .sort()
}

function isScalar(value: unknown): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean'
}

/** Only the usual notation: `0177.1` and IPv4 inside IPv6 would name another range than the reader thinks. */
function asRange(value: string): string | undefined {
  const range = value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) {
    return `${ipaddr.IPv4.networkAddressFromCIDR(range)}/${ipaddr.IPv4.parseCIDR(range)[1]}`
  }
  if (!ipaddr.IPv6.isValidCIDR(range) || range.includes('%')) return undefined
  const [address, bits] = ipaddr.IPv6.parseCIDR(range)
  return address.isIPv4MappedAddress() ? undefined : `${ipaddr.IPv6.networkAddressFromCIDR(range)}/${bits}`
}
