import { setTimeout as sleep } from 'node:timers/promises'
import type { RateLimits } from '../rate-limits.ts'
import type { FaultState, SlackFaults, Trouble } from '../slack-faults.ts'
import { argsOf, type Incoming, json, type Outcome, plain } from '../wire.ts'
import { type Json, Refused } from '../workspace-types.ts'
import { chatMethods } from './chat-methods.ts'
import { conversationMethods } from './conversation-methods.ts'
import { fileMethods } from './file-methods.ts'
import type { Args, Method, Methods, Slack } from './method.ts'
import { peopleMethods } from './people-methods.ts'
import { viewMethods } from './view-methods.ts'

const METHODS: Methods = {
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...viewMethods,
}

/** A call that came by, for tests that count and compare. */
export interface SlackCall {
  method: string
  /** As it was sent. */
  args: Json
  /** ms since 1970, UTC, by the clock of the stand-in. */
  at: number
  /** Of the answer; 0 while it is under way and when none is given. */
  status: number
  /** As it was answered. */
  error?: string
}

/** What a call is held against. */
export interface Gate {
  slack: Slack
  /** Bearer tokens that are good. */
  token(): string
  scopes: string[]
  limits: RateLimits
  faults: FaultState
  calls: SlackCall[]
}

/** A call of the Web API from the request to what is answered. */
export async function answerCall(gate: Gate, method: string, incoming: Incoming): Promise<Outcome> {
  const { slack, faults } = gate
  const seen: SlackCall = { method, args: {}, at: slack.workspace.now(), status: 0 }
  gate.calls.push(seen)
  const outcome = await throughFaults(faults, method, () => {
    try {
      const args = argsOf(incoming)
      seen.args = shown(args)
      return called(gate, method, args, incoming)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      seen.error = error.code
      const { code, detail } = error
      if (code === 'ratelimited') return limited(Number(detail.retryAfter))
      return json({ ok: false, error: code, ...detail }, 200, headersOf(gate, incoming))
    }
  })
  if (typeof outcome !== 'string') seen.status = outcome.status
  return outcome
}

/** What a fault makes of a call. What loses its answer has taken effect. */
export async function throughFaults(
  faults: FaultState,
  method: string,
  proceed: () => Outcome | Promise<Outcome>,
): Promise<Outcome> {
  const delay = faults.delay(method)
  if (delay > 0) await sleep(delay)
  const trouble = faults.trouble(method)
  if (trouble) return troubled(trouble, faults.faults)
  const outcome = await proceed()
  return faults.loses(method) ? faults.faults.lostBy : outcome
}

const PAGE = '<html><head><title>Bad Gateway</title></head><body>Bad Gateway</body></html>'

function troubled(trouble: Trouble, { retryAfter, limitStatus }: SlackFaults): Outcome {
  switch (trouble) {
    case 'reset':
      return 'cut'
    case 'hang':
    case 'stall':
      return trouble
    case 'unavailable':
      return plain('', 503)
    case 'html':
      return plain(PAGE, 502, 'text/html')
    case 'page':
      return plain(PAGE, 200, 'text/html')
    case 'limited':
      return limited(retryAfter, limitStatus)
  }
}

const limited = (seconds: number, status = 429) =>
  json({ ok: false, error: 'ratelimited' }, status, { 'retry-after': String(seconds) })

function called(gate: Gate, name: string, args: Args, incoming: Incoming): Outcome {
  const method = METHODS[name]
  if (!method) throw new Refused('unknown_method', { req_method: name })
  authorised(gate, args, incoming)
  const seconds = gate.limits.take(name, method.tier, args.channel)
  if (seconds !== undefined) throw new Refused('ratelimited', { retryAfter: seconds })
  granted(gate, method, args)
  const { token: _, ...its } = args
  return json({ ok: true, ...method.call(gate.slack, its) }, 200, headersOf(gate, incoming))
}

function authorised({ token }: Gate, args: Args, { headers }: Incoming): void {
  const given = headers.authorization?.replace(/^Bearer /, '') ?? args.token
  if (given === undefined || given === '') throw new Refused('not_authed')
  if (given !== token()) throw new Refused('invalid_auth')
}

function granted({ slack, scopes }: Gate, method: Method, args: Args): void {
  const needed = method.scopes?.(slack, args) ?? []
  if (needed.length > 0 && !needed.some((scope) => scopes.includes(scope)))
    throw new Refused('missing_scope', { needed: needed.join(','), provided: scopes.join(',') })
}

/** With a good token Slack says what it is good for. */
function headersOf({ scopes, token }: Gate, { headers }: Incoming) {
  return headers.authorization === `Bearer ${token()}` ? { 'x-oauth-scopes': scopes.join(',') } : {}
}

/** Arguments without the token. */
function shown({ token: _, ...args }: Json): Json {
  return args
}
