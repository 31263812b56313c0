import { createHmac } from 'node:crypto'

/** A request as it goes over the wire. */
export interface WireRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
  isBase64Encoded?: boolean
}

/** With what a request is made: who signs it, when, and about what it is. */
export interface Making {
  secret: string
  /** ms since 1970, UTC. */
  now: number
}

export const FORM = 'application/x-www-form-urlencoded'

/** The signature of a body, as Slack writes it. */
export function signatureOf(secret: string, timestamp: string, body: string | Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`
}

/** What differs from what Slack would send. */
export interface Twist {
  method?: string
  path?: string
  /** Over the body that is sent, unless `signs` says of what else. */
  timestamp?: string
  signs?: string
  contentType?: string | null
  headers?: Record<string, string>
}

/** A request signed as Slack signs it. */
export function signed({ secret, now }: Making, body: string, twist: Twist = {}): WireRequest {
  const timestamp = twist.timestamp ?? String(Math.floor(now / 1000))
  const { contentType = FORM } = twist
  return {
    method: twist.method ?? 'POST',
    path: twist.path ?? '/',
    headers: {
      ...(contentType !== null && { 'content-type': contentType }),
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(secret, timestamp, twist.signs ?? body),
      ...twist.headers,
    },
    body,
  }
}

export const payloadBody = (payload: unknown): string =>
  new URLSearchParams({ payload: JSON.stringify(payload) }).toString()

export interface Clicking {
  user: string
  workspace: string
  action: string
  value: string
  /** Where the user is at home. */
  home?: string
  respondTo?: string
}

/** What Slack sends for a click, as far as it matters, and some that does not. */
export function clickPayload({ user, workspace, home = workspace, action, value, respondTo }: Clicking) {
  return {
    type: 'block_actions',
    user: { id: user, username: 'ann', name: 'ann', team_id: home },
    api_app_id: 'A0RECTIFY',
    token: 'not-looked-at',
    container: { type: 'message', message_ts: '1764415642.000100', channel_id: 'C0SECURITY' },
    trigger_id: '1234567890.1234567890.abcdef0123456789',
    team: { id: workspace, domain: 'acme' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: 'C0SECURITY', name: 'security' },
    ...(respondTo !== undefined && { response_url: respondTo }),
    actions: [
      { type: 'button', action_id: action, block_id: 'buttons', value, action_ts: '1764415642.123456' },
    ],
  }
}

export const clickBody = (clicking: Clicking): string => payloadBody(clickPayload(clicking))

export interface Submitting {
  user: string
  workspace: string
  form: string
  about: string
  /** By block: what was typed, or `{ chosen }`. */
  values?: Record<string, string | { chosen: string }>
}

export function submissionPayload({ user, workspace, form, about, values = {} }: Submitting) {
  const state = Object.entries(values).map(([block, value]) => [
    block,
    typeof value === 'string'
      ? { text: { type: 'plain_text_input', value } }
      : { days: { type: 'static_select', selected_option: { value: value.chosen } } },
  ])
  return {
    type: 'view_submission',
    team: { id: workspace, domain: 'acme' },
    user: { id: user, name: 'ann', team_id: workspace },
    trigger_id: '1234567890.1234567890.abcdef0123456789',
    view: {
      id: 'V0VIEW',
      callback_id: form,
      private_metadata: about,
      state: { values: Object.fromEntries(state) },
    },
  }
}

export const submissionBody = (submitting: Submitting): string => payloadBody(submissionPayload(submitting))

export interface Commanding {
  user: string
  workspace: string
  text: string
  channel?: string
}

export function commandBody({ user, workspace, text, channel = 'C0SECURITY' }: Commanding): string {
  return new URLSearchParams({
    token: 'not-looked-at',
    team_id: workspace,
    team_domain: 'acme',
    channel_id: channel,
    channel_name: 'security',
    user_id: user,
    user_name: 'ann',
    command: '/rectify',
    text,
    api_app_id: 'A0RECTIFY',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0ACME/1/abc',
    trigger_id: '1234567890.1234567890.abcdef0123456789',
  }).toString()
}
