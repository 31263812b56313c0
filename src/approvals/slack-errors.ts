/** What a call of Slack came to when it did not do what it was asked, by what the caller can do about it. */

/** Slack said no and will say so again: nothing was done. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused'
  /** Slack's word for it (`channel_not_found`). */
  readonly code: string
  /** What Slack adds where the arguments were wrong (`response_metadata.messages`). */
  readonly details: readonly string[]

  constructor(method: string, code: string, details: readonly string[] = []) {
    super([`${method}: ${code}`, ...details].join('; '))
    this.code = code
    this.details = details
  }
}

/** Too many calls: nothing was done, and this one may be made again after a time. */
export class SlackLimited extends Error {
  override readonly name = 'SlackLimited'
  readonly retryAfterSeconds: number

  constructor(method: string, retryAfterSeconds: number) {
    super(`${method}: rate limited, again after ${retryAfterSeconds} s`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** No answer that can be believed: it may have been done, or not. */
export class SlackUnanswered extends Error {
  override readonly name = 'SlackUnanswered'

  constructor(method: string, why: string, options?: ErrorOptions) {
    super(`${method}: no answer of Slack: ${why}`, options)
  }
}

/** Slack's own failures, which it spells as refusals (https://docs.slack.dev/reference/methods/chat.postMessage). */
const ITS_OWN = new Set([
  'fatal_error',
  'internal_error',
  'operation_timeout',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
])

/** Where Slack says "too often" without saying for how long. */
const SECONDS_UNTOLD = 1

interface Thrown {
  code?: unknown
  name?: string
  message?: string
  retryAfter?: number
  statusCode?: number
  data?: { error?: unknown; response_metadata?: { retryAfter?: number; messages?: string[] } }
}

/**
 * What `@slack/web-api` throws, as one of the three. It has two shapes for a rate limit (429; 200 with `ratelimited`),
 * takes a page of HTML for an error code, and throws a bare `DOMException` when only the body is late.
 */
export function slackError(method: string, thrown: unknown): SlackRefused | SlackLimited | SlackUnanswered {
  const error = (thrown ?? {}) as Thrown
  if (error.code === 'slack_webapi_rate_limited_error')
    return new SlackLimited(method, secondsOf(error.retryAfter))
  if (error.code === 'slack_webapi_platform_error') return answeredError(method, error.data, thrown)
  const why = error.statusCode === undefined ? (error.message ?? String(thrown)) : `HTTP ${error.statusCode}`
  return new SlackUnanswered(method, why, { cause: thrown })
}

function answeredError(method: string, data: Thrown['data'], cause: unknown) {
  const { error, response_metadata: more } = data ?? {}
  // Some methods write it with a line between (https://docs.slack.dev/apis/web-api/rate-limits).
  if (error === 'ratelimited' || error === 'rate_limited')
    return new SlackLimited(method, secondsOf(more?.retryAfter))
  if (typeof error !== 'string' || !/^[a-z0-9_]{1,80}$/.test(error))
    return new SlackUnanswered(method, 'its body is not JSON', { cause })
  if (ITS_OWN.has(error)) return new SlackUnanswered(method, error, { cause })
  return new SlackRefused(method, error, more?.messages)
}

const secondsOf = (told: number | undefined) => (told !== undefined && told > 0 ? told : SECONDS_UNTOLD)
