import type { Json } from '../../playbook/json.ts'

/** How far the detectors have been asked: what is stored between two turns. */
export interface Round {
  form: typeof FORM
  /** ISO 8601 UTC: when the day began in which `calls` were made. */
  since: string
  calls: number
  /** Whom to ask next, and where one is in the answers; absent: all have been asked. */
  next?: Spot
  /** Hash of the policy under which the round began. */
  policy: string
  /** The policy is another than that of the round before: what ended under that one gets another chance. */
  isUnderNewPolicy: boolean
  /** Turns that were begun since one was kept: so often whoever asked died on the way. */
  deaths: number
}

/** One detector in one account and region, by its key. */
export interface Spot {
  key: string
  /** Absent: at its beginning. */
  at?: Json
  /** Turns that ended here because AWS was too busy to answer. */
  tries: number
}

/** Of the layout of all that is stored here, the places of the detectors included: what has another is begun anew. */
const FORM = 1
const DAY_MS = 24 * 3600 * 1000

/** What is known when it is looked whether there is something to ask. */
export interface Moment {
  /** ms since 1970, UTC. */
  now: number
  /** Somebody wants it now, whatever was asked today. */
  isWanted: boolean
  /** Most calls of a day. */
  perDay: number
  /** Hash of the policy. */
  policy: string
  /** Whom to ask, in this order. */
  keys: readonly string[]
}

/**
 * The round that goes on or begins now; undefined: not before the next day. What a day's calls did not suffice for is
 * first on the next day.
 */
export function roundAt(stored: Json | undefined, moment: Moment): Round | undefined {
  const known = roundIn(stored)
  const { now, isWanted, perDay, policy, keys } = moment
  const since = new Date(now).toISOString()
  const isNextDay = known === undefined || now - Date.parse(known.since) >= DAY_MS
  const next = known?.next && keys.includes(known.next.key) ? known.next : undefined
  // Whoever wants it now wants all of it, and not what was left over days ago.
  if (known && next && !(isWanted && isNextDay)) {
    if (isNextDay) return { ...known, since, calls: 0 }
    return isWanted || known.calls < perDay ? known : undefined
  }
  const isLeftOver = known?.next !== undefined
  const [key] = keys
  if (key === undefined || !(isNextDay || isWanted || isLeftOver)) return undefined
  return {
    form: FORM,
    since,
    calls: 0,
    next: { key, tries: 0 },
    policy,
    isUnderNewPolicy: known !== undefined && known.policy !== policy,
    deaths: 0,
  }
}

function roundIn(stored: Json | undefined): Round | undefined {
  const round = stored as unknown as Partial<Round> | undefined
  return round?.form === FORM ? (round as Round) : undefined
}

/** The round, done with this one. */
export function pastSpot({ next, ...round }: Round, keys: readonly string[]): Round {
  const key = next && keys[keys.indexOf(next.key) + 1]
  return key === undefined ? round : { ...round, next: { key, tries: 0 } }
}

/** Calls of the next turn: half of it, and half of that, after such as nobody came back from. */
export function callsOfTurn(most: number, { deaths }: Pick<Round, 'deaths'>): number {
  return Math.max(1, Math.floor(most / 2 ** deaths))
}
