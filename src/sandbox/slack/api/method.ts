import type { Tickets } from '../interactions/tickets.ts'
import type { Tier } from '../rate-limits.ts'
import type { Workspace } from '../workspace.ts'
import { type Json, Refused } from '../workspace-types.ts'

export interface Slack {
  workspace: Workspace
  tickets: Tickets
  /** `http://127.0.0.1:PORT` */
  url: string
}

/** Arguments as they were sent: all strings in a form, values in JSON. */
export type Args = Record<string, unknown>

/** A method of the Web API. */
export interface Method {
  /** Those of which one has to be granted. */
  scopes?: (slack: Slack, args: Args) => string[]
  /** Undefined: so often that nobody here comes near it. */
  tier?: Tier | 'channel'
  /** @throws {Refused} what becomes `{ ok: false, error }` */
  call(slack: Slack, args: Args): Json
}

export type Methods = Record<string, Method>

/** A structure, which a form carries as JSON. */
export function structure(value: unknown, refusal: string): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new Refused(refusal, { response_metadata: { messages: [`[ERROR] ${error}`] } })
  }
}

/** @throws {Refused} `invalid_arguments` naming the one that is missing */
export function required(args: Args, name: string): string {
  const value = args[name]
  if (value === undefined || value === '')
    throw new Refused('invalid_arguments', {
      response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
    })
  return String(value)
}

export const isTrue = (value: unknown) => value === true || value === 'true' || value === '1'
