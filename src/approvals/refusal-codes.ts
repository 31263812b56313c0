import type { SlackRefused } from './slack-errors.ts'

/** Slack does not take the token (any more). */
const REFUSED_TOKEN = ['account_inactive', 'invalid_auth', 'not_authed', 'token_expired', 'token_revoked']

export const isRefusedToken = ({ code }: SlackRefused) => REFUSED_TOKEN.includes(code)

/** The token is not, or no longer, good enough: an operator mends that, and everything that waits goes on. */
const SET_UP = new Set([...REFUSED_TOKEN, 'missing_scope', 'no_permission', 'not_allowed_token_type'])

export const isSetUp = ({ code }: SlackRefused) => SET_UP.has(code)

/** The message is gone, or no longer ours to change: deleted, or another app's that was installed before. */
const GONE = new Set(['cant_update_message', 'edit_window_closed', 'message_not_found'])

export const isGone = ({ code }: SlackRefused) => GONE.has(code)

/** Slack does not take the blocks: limits that it does not document, or a mistake of ours. */
const UNSHOWN = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'])

export const isUnshown = ({ code }: SlackRefused) => UNSHOWN.has(code)
