import type { Slack } from '../api/method.ts'
import { checkedView, elementsOf } from '../block-kit/block-kit.ts'
import { messageAt, post } from '../workspace.ts'
import { type Json, Refused, type SlackUser, type SlackView } from '../workspace-types.ts'
import { missing, stateOf, stateValues, type Values } from './filled-in.ts'
import { closeViews, openView, replaceView } from './open-views.ts'
import { blockActions, slashCommand, viewInteraction } from './payloads.ts'
import { said } from './response-url.ts'
import { type Interaction, type Receiver, send, signed } from './signed-request.ts'

/** A click of a person on what stands in a message. */
export interface Click {
  /** `U…` */
  user: string
  channel: string
  ts: string
  action_id: string
  /** May be left out where the message has the action once. */
  block_id?: string | undefined
  /**
   * Left out: what the element carries, which then has to be in the message. Of a button another value is sent as it
   * is: somebody's screen shows a message as it was before.
   */
  value?: string | undefined
  /** The workspace that the click says to come from, where it is not the real one. */
  team?: string | undefined
}

export interface Submission {
  user: string
  view_id: string
  values?: Values | undefined
}

export interface SlashCommand {
  user: string
  channel: string
  text: string
  /** Default `/rectify`. */
  command?: string | undefined
}

/** What a person writes. */
export interface Saying {
  user: string
  channel: string
  text: string
  thread_ts?: string | undefined
}

/** Where interactions go, and how they are signed. */
export interface Line {
  slack: Slack
  receiver(): Receiver | undefined
  secret(): string
  /** How long an answer is waited for, ms. */
  timeoutMs: number
}

/** Clicks. The message is left as it is: changing it is the app's business. */
export async function click(line: Line, given: Click): Promise<Interaction> {
  return refusable(async () => {
    const { slack } = line
    const user = person(slack, given.user)
    const { channel, ts } = given
    const stands = messageAt(slack.workspace, channel, ts)
    const whispered = slack.workspace.ephemeral.find((one) => one.ts === ts && one.user === user.id)
    const seen = stands ?? whispered
    if (!seen) throw new Refused('no_such_message')
    const where = { ts, channel, ...(seen.threadTs !== undefined && { threadTs: seen.threadTs }) }
    const place = { ...where, ...(stands && { stands }), ephemeral: !stands }
    const payload = blockActions(slack, user, place, actionOf(seen.blocks, given))
    return deliverPayload(line, given.team === undefined ? payload : fromElsewhere(payload, given.team))
  })
}

/** Sends what is filled in, unless Slack's own client would not; then does with the modal what the answer says. */
export async function submit(
  line: Line,
  { user: id, view_id, values = {} }: Submission,
): Promise<Interaction> {
  return refusable(async () => {
    const { slack } = line
    const user = person(slack, id)
    const open = openTo(slack, user, view_id)
    const blocks = open.view.blocks as Json[]
    const state = stateValues(blocks, values)
    open.errors = missing(blocks, state)
    slack.workspace.changed()
    if (Object.keys(open.errors).length > 0) throw new Refused('required_field_missing')
    const interaction = await deliverPayload(
      line,
      viewInteraction(slack, 'view_submission', user, open, state),
    )
    if (interaction.status === 200) settle(slack, open, interaction.body)
    return interaction
  })
}

/** Closes a modal as Escape does; its app hears of it where it asked to. */
export async function close(
  line: Line,
  { user: id, view_id }: Omit<Submission, 'values'>,
): Promise<Interaction> {
  return refusable(async () => {
    const { slack } = line
    const user = person(slack, id)
    const open = openTo(slack, user, view_id)
    const all = open.view.clear_on_close === true
    closeViews(slack.workspace, (view) => view.id === open.id || (all && view.user === user.id))
    if (open.view.notify_on_close !== true) return { status: 200, body: '', ms: 0 }
    return deliverPayload(line, viewInteraction(slack, 'view_closed', user, open, {}))
  })
}

/** Sends a slash command; what is answered is said to the person, or to all where the answer asks for it. */
export async function command(
  line: Line,
  { user: id, channel, text, command: name = '/rectify' }: SlashCommand,
): Promise<Interaction> {
  return refusable(async () => {
    const { slack } = line
    const user = person(slack, id)
    if (!slack.workspace.channels.some((one) => one.id === channel)) throw new Refused('channel_not_found')
    const interaction = await deliver(line, slashCommand(slack, user, channel, name, text))
    if (interaction.status === 200 && interaction.body.trim() !== '')
      said(slack.workspace, { user: user.id, channel }, answerOf(interaction.body))
    return interaction
  })
}

/** Writes as a person. @throws {Refused} `user_not_found`, `channel_not_found`, `thread_not_found` */
export function say({ slack }: Line, { user, channel, text, thread_ts }: Saying): { ts: string } {
  const { workspace } = slack
  if (!workspace.channels.some((one) => one.id === channel)) throw new Refused('channel_not_found')
  const thread = thread_ts === undefined ? {} : { thread: thread_ts }
  const { ts } = post(workspace, { channel, user: person(slack, user).id, text, blocks: [], ...thread })
  return { ts }
}

function deliverPayload(line: Line, payload: Json): Promise<Interaction> {
  return deliver(line, { payload: JSON.stringify(payload) })
}

function deliver(
  { slack, secret, receiver, timeoutMs }: Line,
  form: Record<string, string>,
): Promise<Interaction> {
  return send(receiver(), signed(form, secret(), slack.workspace.now()), timeoutMs)
}

/** What cannot be done in Slack is not sent, and said instead. */
async function refusable(act: () => Promise<Interaction>): Promise<Interaction> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { status: 0, body: '', ms: 0, error: error.code }
  }
}

function person({ workspace }: Slack, id: string): SlackUser {
  const user = workspace.users.find((one) => one.id === id)
  if (!user) throw new Refused('user_not_found')
  return user
}

function openTo({ workspace }: Slack, user: SlackUser, id: string): SlackView {
  const open = workspace.views.find((view) => view.id === id && view.user === user.id)
  if (!open) throw new Refused('not_found')
  return open
}

/** @throws {Refused} `no_such_element`, `ambiguous_element` */
function actionOf(blocks: readonly Json[], { action_id, block_id, value }: Click): Json {
  const found = elementsOf(blocks).filter(
    ({ block, element }) =>
      element.action_id === action_id && (block_id === undefined || block.block_id === block_id),
  )
  const fitting = found.filter(
    ({ element }) => value === undefined || element.type !== 'button' || element.value === value,
  )
  const [first, another] = fitting
  if (another) throw new Refused('ambiguous_element')
  if (first)
    return { ...actionIn(first.element, value, String(first.block.block_id)), block_id: first.block.block_id }
  if (value === undefined) throw new Refused('no_such_element')
  // As it stood on a screen that has not caught up.
  const text = { type: 'plain_text', text: action_id, emoji: true }
  return { type: 'button', action_id, block_id: block_id ?? found[0]?.block.block_id ?? 'stale', text, value }
}

function actionIn(element: Json, value: string | undefined, blockId: string): Json {
  if (element.type === 'button') {
    const { type, action_id, text, value: its, style, confirm, url } = element
    return { type, action_id, text, ...definedOnly({ value: its, style, confirm, url }) }
  }
  return { action_id: element.action_id, ...stateOf(element, value, blockId) }
}

const definedOnly = (fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

function fromElsewhere(payload: Json, team: string): Json {
  return {
    ...payload,
    team: { id: team, domain: 'elsewhere' },
    user: { ...(payload.user as Json), team_id: team },
  }
}

/** https://docs.slack.dev/surfaces/modals: what a submission may be answered with. */
function settle({ workspace }: Slack, open: SlackView, body: string): void {
  const { response_action: action, errors, view } = body.trim() === '' ? {} : answerOf(body)
  if (action === undefined) closeViews(workspace, ({ id }) => id === open.id)
  else if (action === 'clear') closeViews(workspace, ({ user }) => user === open.user)
  else if (action === 'errors') open.errors = errors as Record<string, string>
  else if (action === 'update') replaceView(workspace, open, checkedView(view))
  else if (action === 'push') openView(workspace, open.user, checkedView(view))
  else throw new Refused('invalid_response_action')
  workspace.changed()
}

/** JSON, or a text that is to be said. */
function answerOf(body: string): Json {
  if (!body.trimStart().startsWith('{')) return { text: body }
  try {
    return JSON.parse(body) as Json
  } catch (error) {
    throw new Refused(`invalid_answer: ${error}`)
  }
}
