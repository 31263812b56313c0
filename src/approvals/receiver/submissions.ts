import { slackIdentity } from '../../run/identity.ts'
import { type Bound, boundIn, EXEMPT_DAYS, FIELD, LONGEST_REASON, MODAL } from '../card/action-ids.ts'
import { decideBySlack, runShownTo, typed } from './decide-by-slack.ts'
import type { Submission } from './interaction.ts'
import { attemptOf } from './private-word.ts'
import type { Attempt, ReceiverPorts } from './receiver-ports.ts'
import { type Refused, refused, UNKNOWN_RUN } from './refusal.ts'
import type { SlackResponse } from './slack-request.ts'

const DAY_MS = 86_400_000

/** Takes away the form and all beneath it. */
const CLOSED: SlackResponse = { status: 200, body: { response_action: 'clear' } }
const UNREADABLE: SlackResponse = { status: 400 }

/** A form that somebody sent off. It is judged as if nothing had been checked when it was opened. */
export async function submitted(ports: ReceiverPorts, submission: Submission): Promise<SlackResponse> {
  const { form, about } = submission
  if (form !== MODAL.reason && form !== MODAL.exempt) return { status: 200 }
  const plan = boundIn(about)
  if (!plan) return UNREADABLE
  return form === MODAL.reason ? keepReason(ports, submission, plan) : exempt(ports, submission, plan)
}

/** The reason of a decline that stands: only its own maker can give it, once. */
async function keepReason(
  ports: ReceiverPorts,
  { sender, values }: Submission,
  { run: id, hash }: Bound,
): Promise<SlackResponse> {
  const reason = typed(values.get(FIELD.reason.block), LONGEST_REASON)
  if (reason === undefined) return CLOSED
  const attempt = attemptOf({ action: 'reason', sender }, id)
  const run = await runShownTo(ports, sender, id)
  if (!run) return notDone(ports, attempt, UNKNOWN_RUN)
  const by = slackIdentity(sender)
  const isTheirs = run.decisions.some((made) => made.by === by && made.hash === hash)
  if (!isTheirs || (await ports.store.giveReason(id, by, reason)) === 'kept') {
    const text = 'You have not declined this plan, or have given your reason already.'
    return notDone(ports, attempt, refused('notDeclined', text))
  }
  ports.log.done(attempt)
  return CLOSED
}

async function exempt(
  ports: ReceiverPorts,
  { sender, values }: Submission,
  plan: Bound,
): Promise<SlackResponse> {
  const reason = typed(values.get(FIELD.reason.block), LONGEST_REASON)
  const days = EXEMPT_DAYS.find((each) => String(each) === values.get(FIELD.until.block))
  if (reason === undefined) return wrong(FIELD.reason.block, 'Say why, for whoever looks at this later.')
  if (days === undefined) return wrong(FIELD.until.block, 'Choose for how long.')
  const until = new Date(ports.clock.now() + days * DAY_MS).toISOString()
  const attempt = attemptOf({ action: 'exempt', sender }, plan.run)
  const decided = await decideBySlack(ports, sender, plan, { verdict: 'exempt', reason, until })
  if (decided.kind === 'refused') return notDone(ports, attempt, decided)
  ports.log.done(attempt)
  return decided.warning === undefined ? CLOSED : said('Done', decided.warning)
}

/** Shown beneath the field; the form stays. */
function wrong(block: string, text: string): SlackResponse {
  return { status: 200, body: { response_action: 'errors', errors: { [block]: text } } }
}

/** A form gives no address to answer to: what is told stands where it was. */
function notDone(
  { log }: ReceiverPorts,
  attempt: Attempt,
  { refusal: { why, text } }: Refused,
): SlackResponse {
  log.refused(attempt, why)
  return said('Not done', text)
}

function said(title: string, text: string): SlackResponse {
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
  }
  return { status: 200, body: { response_action: 'update', view } }
}
