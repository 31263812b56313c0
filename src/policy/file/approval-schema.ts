/** Who is asked, where and for how long; and who is who. */
import * as z from 'zod/mini'
import { whyNobody } from '../approver-patterns.ts'
import { DEFAULT_APPROVAL, SLACK_ID } from '../approvers.ts'
import { duration, oneOrMore, refusedWhere, text } from './values.ts'

/** A Slack user, a user group or an IAM ARN pattern; what is neither may be the name of a person (`who-decides.ts`). */
const approver = text
  .check(refusedWhere((value) => (value.includes(':') ? whyNobody(value) : undefined)))
  .register(z.globalRegistry, {
    description:
      'A Slack user or user group (U0ANN, S0ONCALL), an IAM ARN pattern, or the name of one of people',
  })

const channel = text.register(z.globalRegistry, {
  description: 'Id of the Slack channel in which people are asked and told (C0SECOPS)',
})

/** When and by whom a plan may be decided about. */
export const approval = z.strictObject({
  channel: z.exactOptional(channel),
  approvers: z.exactOptional(oneOrMore(approver)),
  quorum: z._default(
    z.int('must be a whole number').check(z.gte(1, 'must be at least 1')),
    DEFAULT_APPROVAL.quorum,
  ),
  expiresAfter: z.prefault(duration, DEFAULT_APPROVAL.expiresAfter),
  onExpiry: z._default(z.literal('decline', 'must be decline'), 'decline'),
  escalate: z.exactOptional(
    z
      .array(z.strictObject({ after: duration, approvers: oneOrMore(approver) }))
      .check(z.minLength(1, 'needs at least one value'), z.maxLength(10)),
  ),
  remind: z.exactOptional(
    z.boolean().register(z.globalRegistry, {
      description: 'Whether the channel is reminded at half of the time and in its last tenth; true',
    }),
  ),
})

/** Ids as Slack gives them: of the workspace, of a member, of a member or user group. */
const workspace = text.check(z.regex(/^T[A-Z0-9]{2,}$/, 'is not the id of a Slack workspace (T0ACME)'))
const member = text.check(z.regex(/^[UW][A-Z0-9]{2,}$/, 'is not the id of a Slack user (U0ANN)'))

/** The workspace whose members may decide, and who of them may resume; anybody of them may pause. */
export const slack = z.strictObject({
  workspace,
  operators: z.exactOptional(oneOrMore(text)),
})

const pattern = text.check(
  refusedWhere((value) =>
    value.startsWith('arn:')
      ? whyNobody(value)
      : 'is not an IAM ARN pattern (arn:aws:sts::*:assumed-role/Oncall/ann)',
  ),
)

/** A word, so that it is told from ids and ARNs. */
const personName = text.check(
  z.regex(/^[\p{L}\p{N}_.@+-]{1,64}$/u, 'must be one word of letters, digits and _.@+-'),
  z.refine((name) => !SLACK_ID.test(name), 'looks like a Slack id: write it in small letters'),
)

/** More would make each run that asks heavy: it carries them. */
const MOST_PEOPLE = 200

/** Who is one person, by her Slack user and by IAM. */
export const people = z
  .array(
    z.strictObject({
      name: personName,
      slack: z.exactOptional(member),
      iam: z.exactOptional(oneOrMore(pattern)),
    }),
  )
  .check(z.maxLength(MOST_PEOPLE, `must be at most ${MOST_PEOPLE} people`))
