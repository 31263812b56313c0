import ipaddr from 'ipaddr.js'
import * as z from 'zod'
import { SEVERITIES, type Source } from '../findings/finding.ts'
import { type AnyPlaybook, MODES } from '../playbook/playbook.ts'
import { DEFAULT_APPROVAL, IAM_ARN_PATTERN, SLACK_ID } from './approvers.ts'
import { BadDuration, durationMs, parseDuration } from './durations.ts'
import { parameterIssues } from './parameters.ts'
import { didYouMean } from './spelling.ts'

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
  .trim()
  .min(1, 'must not be empty')

/** One value or a list; kept as a list. An empty list would never hold, which nobody means. */
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item).min(1, 'needs at least one value')])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[])

/** A section of the file may be empty: `exemptions:` with every line below it commented out. */
const section = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? [])

const oneOf = <const T extends string>(what: string, values: readonly T[]) =>
  z.enum(values, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, values) : ''
      return `unknown ${what} ${JSON.stringify(input)}${near || `; one of ${values.join(', ')}`}`
    },
  })

const account = z
  .string('an account is text of 12 digits: write it in quotes (YAML reads digits as a number)')
  .regex(/^\d{12}$/, 'an account has 12 digits')

const region = text.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'is not a region, such as eu-central-1')

const duration = z
  .string('is not a duration; write 30m, 24h, 7d or ISO 8601 (PT4H)')
  .trim()
  .transform((value, context) => {
    try {
      const iso = parseDuration(value)
      if (durationMs(iso) > 0) return iso
      context.addIssue('must be longer than nothing')
    } catch (error) {
      if (!(error instanceof BadDuration)) throw error
      context.addIssue(error.message)
    }
    return z.NEVER
  })
  .meta({ description: '30m, 24h, 7d or ISO 8601 (PT4H)' })

/** The last moment, ISO 8601 UTC. A day counts to its end. */
const lastMoment = text
  .transform((value, context) => {
    if (z.iso.date().safeParse(value).success) return `${value}T23:59:59.999Z`
    const precise = z.union([
      z.iso.datetime({ offset: true }),
      z.iso.datetime({ offset: true, precision: -1 }),
    ])
    if (precise.safeParse(value).success) return new Date(value).toISOString()
    context.addIssue('is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)')
    return z.NEVER
  })
  .meta({ description: 'A date, which counts to its end in UTC, or a time with its zone' })

/** Kept as a CIDR range of its network address. */
const addressRange = text.transform((value, context) => {
  const range = asRange(value)
  if (range !== undefined) return range
  context.addIssue('is not an address or CIDR range (203.0.113.0/24, 2001:db8::/32)')
  return z.NEVER
})

const approver = text.refine((value) => SLACK_ID.test(value) || IAM_ARN_PATTERN.test(value), {
  error: 'is neither a Slack id (S0ONCALL) nor an IAM ARN pattern (arn:aws:iam::*:role/Oncall)',
})

const notYet = z.never('not supported yet').exactOptional()

const approval = z.strictObject({
  channel: text.exactOptional(),
  approvers: oneOrMore(approver).exactOptional(),
  quorum: z.int('must be a whole number').min(1, 'must be at least 1').default(DEFAULT_APPROVAL.quorum),
  expiresAfter: duration.prefault(DEFAULT_APPROVAL.expiresAfter),
  onExpiry: z.literal('decline', 'must be decline').default('decline'),
})

const severity = oneOf('severity', SEVERITIES)

/** The schema of a policy file; it refuses unknown keys, unknown playbooks and parameters that a playbook refuses. */
export function policySchema(playbooks: readonly AnyPlaybook[]) {
  const playbook = oneOrMore(
    oneOf(
      'playbook',
      playbooks.map(({ id }) => id),
    ),
  ).exactOptional()

  const when = z.strictObject({
    playbook,
    source: oneOrMore(oneOf('source', SOURCES)).exactOptional(),
    type: oneOrMore(text).exactOptional(),
    severity: z.union([oneOrMore(severity), z.strictObject({ atLeast: severity })]).exactOptional(),
    account: oneOrMore(account).exactOptional(),
    region: oneOrMore(region).exactOptional(),
    resource: oneOrMore(text).exactOptional(),
    tags: z
      .record(z.string(), oneOrMore(text))
      .refine((tags) => Object.keys(tags).length > 0, 'needs at least one tag')
      .exactOptional(),
  })

  const rule = z
    .strictObject({
      when: when.exactOptional(),
      mode: oneOf('mode', MODES),
      parameters: z.record(z.string(), z.unknown()).exactOptional(),
      approval: approval.prefault({}),
    })
    .superRefine(({ when: conditions, parameters }, context) => {
      if (parameters === undefined) return
      for (const { path, message } of parameterIssues(playbooks, conditions?.playbook ?? [], parameters)) {
        context.addIssue({ code: 'custom', path: ['parameters', ...path], message })
      }
    })
    .meta({ title: 'rule' })

  const exemption = z.strictObject({ resource: text, playbook, owner: text, reason: text, until: lastMoment })

  const never = z.strictObject({ addresses: section(addressRange), resources: section(text) })

  return z.strictObject({
    version: z.literal(1, 'must be 1'),
    rules: section(rule),
    exemptions: section(exemption),
    freezes: notYet,
    limits: notYet,
    never: never.nullish().transform((given) => given ?? { addresses: [], resources: [] }),
  })
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
