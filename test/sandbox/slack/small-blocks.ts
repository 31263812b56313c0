/** Blocks as small as Slack takes them, with whatever a test makes larger or wrong. */

export type Json = Record<string, unknown>
export const x = (length: number) => 'x'.repeat(length)
export const plain = (text: string) => ({ type: 'plain_text', text })
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
export const section = (more: Json = {}) => ({ type: 'section', text: mrkdwn('hello'), ...more })
export const many = <T>(length: number, of: (at: number) => T) => Array.from({ length }, (_, at) => of(at))
export const actions = (...elements: Json[]) => ({ type: 'actions', elements })
export const button = (more: Json = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...more })
export const confirm = (more: Json = {}) => ({
  title: plain('Sure?'),
  text: plain('It cannot be undone'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
})
export const select = (options: Json[]) => ({ type: 'static_select', action_id: 's', options })
export const option = (at: number, more: Json = {}) => ({ text: plain(`${at}`), value: `${at}`, ...more })
