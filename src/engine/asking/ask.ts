import type { Place } from '../../aws/port.ts'
import type { Detector } from '../../detectors/detector.ts'
import type { Finding, Rejection } from '../../findings/finding.ts'
import { parseEvents } from '../../findings/read.ts'
import type { AwsError } from '../../playbook/aws-error.ts'
import type { Json } from '../../playbook/json.ts'
import type { EnginePorts } from '../ports.ts'
import { callOnce, isRefusal } from './one-call.ts'
import { callsOfTurn, pastSpot, type Round, roundAt, type Spot } from './round.ts'

/** Whom to ask, and how much of it. */
export interface Asking {
  detectors: readonly Detector[]
  /** Accounts with a region each. */
  places: readonly Place[]
  /** Under which name it is stored how far one is. */
  bookmark: string
  /** Most calls, retries of the SDK not counted. */
  most: { perTurn: number; perDay: number }
  /** Ask now, whatever was asked today, and without a later turn to leave anything to. */
  isWanted: boolean
  /** Hash of the policy under which it is handed on. */
  policy: string
  /** ms since 1970, UTC: no call is begun after that. */
  until?: number
  /** Told after each call. */
  onCall?: (asked: Asked) => void
}

/** What a detector answered in an account and region, within one turn. */
export interface Asked {
  /** As `Finding.source` names it. */
  detector: string
  title: string
  account: string
  region: string
  calls: number
  /** Those that are open. */
  findings: number
  /** `partly`: a later turn goes on. `off`: it is not enabled there. `unread`: it could not be asked, or not to the end. */
  state: 'asked' | 'partly' | 'off' | 'unread'
  /** Why it is off, unread, or put off. */
  reason?: string
  /** IAM action that failed. */
  action?: string
}

/** What was found in one turn. */
export interface Turn {
  findings: Finding[]
  /** What is open in accounts for which nobody has credentials here. */
  elsewhere: number
  rejected: Rejection[]
  asked: Asked[]
  isUnderNewPolicy: boolean
  /** Whether a further turn goes on. */
  isPartly: boolean
}

type AskPorts = Pick<EnginePorts, 'aws' | 'store' | 'clock'>

/** One turn under way. */
interface Walk extends Asking {
  ports: AskPorts
  keys: string[]
  round: Round
  found: Turn
  /** The place in the answers came from storage and has not been used. */
  isResumed: boolean
  /** AWS is too busy: the rest is for a later turn. */
  isPutOff: boolean
}

/**
 * Asks the detectors for what is still open: one turn of so many calls, from where the last one ended. How far it came is
 * stored when what it found has been handed on, so that whoever dies in between, or cannot hand it on, asks for it again.
 * @param handOn may be given the same findings twice
 * @returns what was found; undefined when there is nothing to ask before the next day
 */
export async function askDetectors(
  ports: AskPorts,
  asking: Asking,
  handOn: (turn: Turn) => Promise<void>,
): Promise<Turn | undefined> {
  const { store, clock } = ports
  const { isWanted, policy, most } = asking
  const keys = asking.places.flatMap((place) => asking.detectors.map((detector) => keyOf(detector, place)))
  const moment = { now: clock.now(), isWanted, perDay: most.perDay, policy, keys }
  const round = roundAt(await store.bookmark(asking.bookmark), moment)
  if (round === undefined) return undefined
  await store.setBookmark(asking.bookmark, stored({ ...round, deaths: round.deaths + 1 }))
  const found: Turn = {
    findings: [],
    elsewhere: 0,
    rejected: [],
    asked: [],
    isUnderNewPolicy: round.isUnderNewPolicy,
    isPartly: false,
  }
  const isResumed = round.next?.at !== undefined
  const walk: Walk = { ...asking, ports, keys, round, found, isResumed, isPutOff: false }
  for (let left = callsOfTurn(most.perTurn, round); left > 0 && mayCall(walk); left--) await callNext(walk)
  found.isPartly = walk.round.next !== undefined
  await handOn(found)
  await store.setBookmark(asking.bookmark, stored({ ...walk.round, deaths: 0 }))
  return found
}

const keyOf = ({ id }: Detector, { account, region }: Place): string => `${id} ${account} ${region}`
const stored = (round: Round): Json => round as unknown as Json

function mayCall({
  round,
  isPutOff,
  isWanted,
  most,
  ports,
  until = Number.POSITIVE_INFINITY,
}: Walk): boolean {
  if (round.next === undefined || isPutOff || ports.clock.now() >= until) return false
  return isWanted || round.calls < most.perDay
}

async function callNext(walk: Walk): Promise<void> {
  const { ports, round, keys, places, detectors, found } = walk
  const spot = round.next!
  const index = keys.indexOf(spot.key)
  const place = places[Math.floor(index / detectors.length)]!
  const detector = detectors[index % detectors.length]!
  const at = spot.at ?? detector.start(ports.clock.now())
  const asked = askedOf(found.asked, detector, place)
  asked.calls += 1
  walk.round = { ...round, calls: round.calls + 1 }
  const { isResumed } = walk
  walk.isResumed = false
  const answer = await callOnce(ports.aws, detector, at, place)
  if (answer.kind === 'page') {
    await takeIn(walk, answer.events, asked, spot.key)
    goOn(walk, asked, spot, answer.next)
  } else if (answer.kind === 'off') leave(walk, asked, { state: 'off', reason: answer.reason })
  else {
    const { error } = answer
    // AWS no longer takes the token: that it took long to come back is no reason not to ask.
    if (isResumed && isRefusal(error)) walk.round = { ...walk.round, next: { key: spot.key, tries: 0 } }
    else if (isBusy(error) && !walk.isWanted && spot.tries < MOST_TRIES) putOff(walk, asked, spot, error)
    else leave(walk, asked, { state: 'unread', reason: error.message, action: error.action })
  }
  walk.onCall?.(asked)
}

/** So many turns end at one place because AWS is too busy, before the others get their turn. */
const MOST_TRIES = 3

const isBusy = ({ kind }: AwsError): boolean => kind === 'throttled' || kind === 'retryable'

function askedOf(all: Asked[], { id, title }: Detector, { account, region }: Place): Asked {
  const known = all.find((one) => one.detector === id && one.account === account && one.region === region)
  if (known) return known
  const asked: Asked = { detector: id, title, account, region, calls: 0, findings: 0, state: 'partly' }
  all.push(asked)
  return asked
}

async function takeIn({ ports, found }: Walk, events: object[], asked: Asked, name: string): Promise<void> {
  if (events.length === 0) return
  const { findings, rejected } = parseEvents(events, name)
  found.rejected.push(...rejected)
  for (const finding of findings) {
    if (finding.status !== 'active') continue
    if (await ports.aws.reaches(finding.account)) {
      asked.findings += 1
      found.findings.push(finding)
    } else found.elsewhere += 1
  }
}

function goOn(walk: Walk, asked: Asked, { key }: Spot, next: Json | undefined): void {
  if (next === undefined) leave(walk, asked, { state: 'asked' })
  else walk.round = { ...walk.round, next: { key, at: next, tries: 0 } }
}

/** Done with this one, however it went. */
function leave(walk: Walk, asked: Asked, how: Pick<Asked, 'state' | 'reason' | 'action'>): void {
  Object.assign(asked, how)
  walk.round = pastSpot(walk.round, walk.keys)
}

function putOff(walk: Walk, asked: Asked, spot: Spot, { message, action }: AwsError): void {
  Object.assign(asked, { reason: message, action })
  walk.round = { ...walk.round, next: { ...spot, tries: spot.tries + 1 } }
  walk.isPutOff = true
}
