/** The conditions of a rule. */
import * as z from 'zod/mini'
import type { Source } from '../../../findings/finding.ts'
import { guardDutyType } from '../../../findings/sources/guardduty-type.ts'
import { MANAGERS } from '../../../playbook/managed-by.ts'
import { wildcard } from '../../../playbook/matchers.ts'
import type { PlaybookHead } from '../../../playbook/service/known-playbook.ts'
import { durationMs } from '../../written-durations.ts'
import { didYouMean } from '../spelling.ts'
import { account, duration, formed, oneOf, oneOrMore, severities, text } from '../values.ts'

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

/** `eu-central-1`, `eu-*`. */
const region = text.check(
  z.regex(/^(?=.*\*)[a-z0-9*-]+$|^[a-z]{2,}(-[a-z]+)+-\d+$/, 'is not a region, such as eu-central-1'),
)

/** Old policies may have GuardDuty's old spelling; findings have the new one. */
const findingType = formed(text, (value) => ({ form: guardDutyType(value) }))

const tags = z
  .record(z.string(), oneOrMore(text))
  .check(z.refine((given) => Object.keys(given).length > 0, 'needs at least one tag'))
  .register(z.globalRegistry, { description: 'Keys, and one or several values; * for any characters' })

/** Id of an organisational unit or a root. */
export const unit = text.check(
  z.regex(
    /^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{1,32}|r-[0-9a-z]{4,32})$/,
    'is not the id of an organisational unit or root (ou-abcd-11112222, r-abcd): names can change',
  ),
)

const age = z.strictObject({ atLeast: z.exactOptional(duration), atMost: z.exactOptional(duration) }).check(
  z.superRefine(({ atLeast, atMost }, context) => {
    const wrong = (message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', path, message })
    if (atLeast === undefined && atMost === undefined) wrong('needs atLeast or atMost ({ atLeast: 1h })')
    if (atLeast === undefined || atMost === undefined) return
    if (durationMs(atMost) < durationMs(atLeast)) wrong('must not be shorter than atLeast', ['atMost'])
  }),
)

/** Ids of playbooks; a pattern stands for all that it matches. */
export function playbookIds(playbooks: readonly PlaybookHead[]) {
  const ids = playbooks.map(({ id }) => id)
  const matching = (pattern: string) => ids.filter((id) => wildcard(pattern, id))
  const named = text
    .check(
      z.superRefine((value, context) => {
        if (matching(value).length > 0) return
        const near = didYouMean(value, ids) || `; one of ${ids.join(', ')}`
        const message = value.includes('*')
          ? `"${value}" matches no playbook`
          : `unknown playbook ${JSON.stringify(value)}${near}`
        context.addIssue({ code: 'custom', message })
      }),
    )
    .register(z.globalRegistry, { anyOf: [{ enum: ids }, { pattern: '\\*' }] })
  return z.pipe(
    oneOrMore(named),
    z.transform((patterns) => [...new Set(patterns.flatMap(matching))]),
  )
}

/** What `when` of a rule may ask for; `not` asks for the same. */
export function whenSchema(playbooks: readonly PlaybookHead[]) {
  const conditions = {
    playbook: z.exactOptional(playbookIds(playbooks)),
    source: z.exactOptional(oneOrMore(oneOf('source', SOURCES))),
    type: z.exactOptional(oneOrMore(findingType)),
    severity: z.exactOptional(severities),
    account: z.exactOptional(oneOrMore(account)),
    region: z.exactOptional(oneOrMore(region)),
    resource: z.exactOptional(oneOrMore(text)),
    tags: z.exactOptional(tags),
    managedBy: z.exactOptional(oneOrMore(oneOf('manager', MANAGERS))),
    ou: z.exactOptional(
      oneOrMore(unit).register(z.globalRegistry, {
        description: 'Ids of organisational units or roots; the account is in one of them, however deep',
      }),
    ),
    accountTags: z.exactOptional(tags),
    reachable: z.exactOptional(
      z.boolean().register(z.globalRegistry, { description: 'Whether everybody can reach the resource' }),
    ),
    age: z.exactOptional(
      age.register(z.globalRegistry, { description: 'How long ago the finding was reported' }),
    ),
  }
  const not = z
    .strictObject(conditions)
    .check(
      z.superRefine((given, context) => {
        const isEmpty = Object.keys(given).length === 0 && context.issues.length === 0
        if (isEmpty) context.addIssue({ code: 'custom', message: 'needs at least one condition' })
      }),
    )
    .register(z.globalRegistry, { description: 'Conditions that do not all hold' })
  return z.strictObject({ ...conditions, not: z.exactOptional(not) })
}
