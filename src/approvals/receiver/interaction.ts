import { formFields } from './form-fields.ts'

/** Who sent an interaction, as Slack signed it. Whether they may do anything is another question. */
export interface Sender {
  /** `U…` or `W…`. */
  user: string
  /** `T…`: where it was clicked; '' for an installation in a whole organisation, which names none. */
  workspace: string
  /** `T…`: where the user is at home, where Slack says so. */
  home?: string
}

interface From {
  sender: Sender
  /** Opens one modal within three seconds. */
  trigger?: string
}

/** A button of a card. */
export interface Click extends From {
  kind: 'click'
  action: string
  value: string
  /** Takes what is told to the clicker alone. */
  respondTo?: string
}

/** A modal that was sent off. */
export interface Submission extends From {
  kind: 'submission'
  /** `callback_id` of the modal. */
  form: string
  /** `private_metadata` of the modal. */
  about: string
  /** What was typed or chosen, by block id. */
  values: ReadonlyMap<string, string>
}

/** A slash command. */
export interface SlashCommand extends From {
  kind: 'command'
  channel: string
  text: string
}

export type Interaction =
  | Click
  | Submission
  | SlashCommand
  /** Slack asks whether anybody is there, or tells what nothing follows from. */
  | { kind: 'nothing' }

const TEAM = /^[TE][A-Z0-9]{2,30}$/
const USER = /^[UW][A-Z0-9]{2,30}$/
const CHANNEL = /^[CDG][A-Z0-9]{2,30}$/
const TRIGGER = /^[\w.-]{1,255}$/
const NAME = /^[\w.:-]{1,255}$/
const URL = /^https?:\/\/\S{1,2000}$/
const ANY = /^/

/** What a signed body says; undefined where it is not as Slack writes it. */
export function readInteraction(raw: Uint8Array, contentType: string | undefined): Interaction | undefined {
  const fields = formFields(raw, contentType)
  if (!fields) return undefined
  if (fields.get('ssl_check') === '1') return { kind: 'nothing' }
  const payload = fields.get('payload')
  if (payload === undefined) return slashCommand(fields)
  const value = json(payload)
  switch (at(value, 'type')) {
    case 'block_actions':
      return click(value)
    case 'view_submission':
      return submission(value)
    // Shortcuts, messages, a modal that was closed: none of ours, or nothing to do.
    default:
      return word(value, /^[a-z_]{1,64}$/, 'type') === undefined ? undefined : { kind: 'nothing' }
  }
}

function slashCommand(fields: Map<string, string>): SlashCommand | undefined {
  const command = Object.fromEntries(fields)
  const user = word(command, USER, 'user_id')
  const workspace = word(command, TEAM, 'team_id')
  const channel = word(command, CHANNEL, 'channel_id')
  const text = word(command, ANY, 'text')
  if (word(command, /^\/\S{1,60}$/, 'command') === undefined) return undefined
  if (user === undefined || workspace === undefined || channel === undefined || text === undefined)
    return undefined
  return { kind: 'command', sender: { user, workspace }, channel, text }
}

function click(payload: unknown): Click | undefined {
  const from = fromOf(payload)
  const actions = at(payload, 'actions')
  // One click is one action; what Slack never sends is not guessed at.
  if (!from || !Array.isArray(actions) || actions.length !== 1) return undefined
  const [only] = actions
  const action = word(only, NAME, 'action_id')
  if (action === undefined) return undefined
  const respondTo = word(payload, URL, 'response_url')
  // What has no value (a link) is told for its own sake, and nothing follows from it.
  const value = word(only, ANY, 'value') ?? ''
  return { kind: 'click', ...from, action, value, ...(respondTo !== undefined && { respondTo }) }
}

function submission(payload: unknown): Submission | undefined {
  const from = fromOf(payload)
  const form = word(payload, NAME, 'view', 'callback_id')
  const about = word(payload, ANY, 'view', 'private_metadata')
  const values = valuesOf(at(payload, 'view', 'state', 'values'))
  if (!from || form === undefined || about === undefined) return undefined
  return { kind: 'submission', ...from, form, about, values }
}

function fromOf(payload: unknown): From | undefined {
  const user = word(payload, USER, 'user', 'id')
  const home = word(payload, TEAM, 'user', 'team_id')
  const team = at(payload, 'team')
  const workspace = team === null ? '' : word(payload, TEAM, 'team', 'id')
  if (user === undefined || workspace === undefined) return undefined
  const trigger = word(payload, TRIGGER, 'trigger_id')
  return {
    sender: { user, workspace, ...(home !== undefined && { home }) },
    ...(trigger !== undefined && { trigger }),
  }
}

/** `{ BLOCK: { ACTION: { value } } }`, or `selected_option.value` for a choice; what is left empty is null. */
function valuesOf(state: unknown): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  if (typeof state !== 'object' || state === null) return values
  for (const [block, inputs] of Object.entries(state)) {
    const [input] = typeof inputs === 'object' && inputs !== null ? Object.values(inputs) : []
    const value = word(input, ANY, 'value') ?? word(input, ANY, 'selected_option', 'value')
    if (value !== undefined) values.set(block, value)
  }
  return values
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function at(value: unknown, ...path: string[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as Record<string, unknown>)[name]
  }
  return found
}

function word(value: unknown, form: RegExp, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' && form.test(found) ? found : undefined
}
