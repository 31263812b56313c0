import * as z from 'zod/mini'
import { SEVERITIES, type Source } from '../../findings/finding.ts'
import { SOURCE_NAMES } from '../../findings/sources/source-names.ts'
import type { PlaybookHead } from '../../playbook/service/known-playbook.ts'
import { STRICTNESS } from '../decide.ts'
import { lastMoment, NO_LAST_MOMENT } from '../exemptions/last-moment.ts'
import { plainWords } from '../file/plain-words.ts'
import { unit } from '../file/sections/when-schema.ts'
import { account, formed, oneOf, oneOrMore, text } from '../file/values.ts'

// The small build of zod has no words of its own.
z.config({ localeError: plainWords })

const SOURCES = Object.keys(SOURCE_NAMES) as Exclude<Source, 'manual'>[]

const region = text.check(z.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'is not a region, such as eu-central-1'))

const moment = formed(text, (value) => {
  // The same is written as for an end; a day counts from its beginning here.
  if (lastMoment(value) === undefined) return { wrong: NO_LAST_MOMENT }
  return { form: new Date(value).toISOString() }
}).register(z.globalRegistry, {
  description: 'When it is decided: a date (its beginning in UTC), or a time with its zone',
})

const tags = z.record(z.string(), z.string('must be text: write it in quotes, as it stands'))

/** What a look at the live resource would give; what is left out was not read. */
const seen = z
  .strictObject({
    tags: z.exactOptional(oneOrMore(tags)),
    name: z.exactOptional(z.nullable(text)),
    ou: z.exactOptional(oneOrMore(unit)),
    accountTags: z.exactOptional(tags),
    vpcTags: z.exactOptional(z.nullable(tags)),
    stackTags: z.exactOptional(z.nullable(tags)),
    reachable: z.exactOptional(z.boolean()),
    account: z.exactOptional(account),
    region: z.exactOptional(region),
  })
  .register(z.globalRegistry, {
    description:
      'What a look at the live resource would give: its tags (a list where several resources are meant), its own name ' +
      '(null: it has none); the units that its account is in, the root and all others above included, and the tags of the ' +
      'account; tags of its VPC and stack (null: it stands in none); whether everybody can reach it; and where it is, in ' +
      'place of what the event says',
  })

/** A finding without an event, in as many words as a policy asks for. */
function findingSchema(ids: readonly string[]) {
  return z
    .strictObject({
      source: z.exactOptional(oneOf('source', SOURCES)),
      type: z.exactOptional(text),
      playbook: z.exactOptional(oneOf('playbook', ids)),
      resource: text,
      resourceType: z.exactOptional(
        text.check(z.regex(/^\w+::\w+::\w+$/, 'is not a type of CloudFormation (AWS::EC2::SecurityGroup)')),
      ),
      severity: z._default(oneOf('severity', SEVERITIES), 'MEDIUM'),
      account: z._default(account, '111122223333'),
      region: z._default(region, 'us-east-1'),
      public: z.exactOptional(z.literal(true, 'must be true; leave it out where not everybody has access')),
    })
    .check(
      z.superRefine(({ source, type, playbook }, context) => {
        const wrong = (message: string) => context.addIssue({ code: 'custom', path: [], message })
        const isManual = playbook !== undefined
        if (isManual && (source !== undefined || type !== undefined))
          wrong('names a playbook, as a person may: then source and type are left out')
        if (!isManual && (source === undefined || type === undefined))
          wrong('needs source and type, or a playbook that a person names')
      }),
    )
}

/** What somebody expects of a finding: a decision, or that there is none. */
function expectationSchema(ids: readonly string[]) {
  return z
    .strictObject({
      playbook: z.exactOptional(oneOf('playbook', ids)),
      mode: z.exactOptional(oneOf('mode', STRICTNESS)),
      rule: z.exactOptional(
        z
          .union([
            z.int('must be the number of a rule in the policy, from 1, or none').check(z.gte(1)),
            z.literal('none'),
          ])
          .register(z.globalRegistry, { description: 'Number of the rule in the policy, from 1; or none' }),
      ),
      reason: z.exactOptional(text.register(z.globalRegistry, { description: '* for any characters' })),
      ignored: z.exactOptional(
        text.register(z.globalRegistry, {
          description: 'Why no playbook acts (archived, "no playbook answers *"); * for any characters',
        }),
      ),
    })
    .check(
      z.superRefine((expected, context) => {
        const { ignored, mode, ...more } = expected
        const wrong = (message: string) => context.addIssue({ code: 'custom', path: [], message })
        if (mode === undefined && ignored === undefined)
          wrong('needs a mode, or ignored where no playbook acts')
        if (ignored !== undefined && (mode !== undefined || Object.keys(more).length > 0))
          wrong('where a finding is ignored nothing is decided: leave the other keys out')
      }),
    )
}

/** The schema of a file of cases; it refuses unknown keys and unknown playbooks. */
export function casesSchema(playbooks: readonly PlaybookHead[]) {
  const ids = playbooks.map(({ id }) => id)
  const event = z
    .union([text, z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .register(z.globalRegistry, {
      description: 'A file or folder of events, from where this file is; or the event itself',
    })
  const one = z
    .strictObject({
      name: text,
      event: z.exactOptional(event),
      finding: z.exactOptional(findingSchema(ids)),
      with: z.exactOptional(seen),
      now: z.exactOptional(moment),
      expect: oneOrMore(expectationSchema(ids)),
    })
    .check(
      z.superRefine(({ event: given, finding }, context) => {
        if ((given === undefined) === (finding === undefined))
          context.addIssue({ code: 'custom', path: [], message: 'needs either an event or a finding' })
      }),
    )
  return z.strictObject({
    version: z.literal(1, 'must be 1'),
    policy: z.exactOptional(
      text.register(z.globalRegistry, {
        description: 'The policy, from where this file is (default: as everywhere)',
      }),
    ),
    now: z.exactOptional(moment),
    cases: z.array(one).check(z.minLength(1, 'needs at least one case')),
  })
}

type File = z.output<ReturnType<typeof casesSchema>>
/** A case as it is written, lists everywhere. */
export type WrittenCase = File['cases'][number]
export type WrittenFinding = NonNullable<WrittenCase['finding']>
export type Expectation = WrittenCase['expect'][number]
