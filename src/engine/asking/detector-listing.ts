import type { Aws, Place } from '../../aws/port.ts'
import type { Detector } from '../../detectors/detector.ts'
import type { Finding, Rejection } from '../../findings/finding.ts'
import { parseEvents } from '../../findings/read.ts'
import type { Json } from '../../playbook/json.ts'
import type { Clock } from '../clock.ts'
import type { Asked } from './ask.ts'
import { callOnce, isRefusal } from './one-call.ts'

/** Whom to ask for all that they have, and how much of it. */
export interface Listing {
  detectors: readonly Detector[]
  /** Accounts with a region each, each account once. */
  places: readonly Place[]
  /** Only findings that were seen then or later (ms since 1970, UTC); absent: all that is open. */
  since?: number
  /** Most calls from here on, retries of the SDK not counted. */
  calls: number
}

/** How far the detectors have been asked: plain JSON, which can be stored between any two calls. */
export interface Listed {
  /** ms since 1970, UTC: when it was begun. */
  begun: number
  /** Whom to ask next, and where one is in the answers; absent: all have been asked to the end. */
  next?: { question: number; at?: Json }
  /** What each answered so far, in the order in which they are asked. */
  asked: ListedOf[]
  /** Accounts that could not be entered, and why. */
  closed: Record<string, string>
  /** Findings of accounts that the credentials do not reach, by account: they are left out. */
  elsewhere: Record<string, number>
}

/** What a detector answered in an account; `older`: findings left out because they were not seen since. */
export type ListedOf = Asked & { older: number }

/** What one call gave, and how far one is with it. */
export interface ListedPage {
  findings: Finding[]
  rejected: Rejection[]
  listed: Listed
}

/** Nothing has been asked yet. */
export const unlisted = (now: number): Listed => ({
  begun: now,
  next: { question: 0 },
  asked: [],
  closed: {},
  elsewhere: {},
})

/**
 * Asks detectors for what is open and was seen since: account by account, page by page, until all have answered or the
 * calls are spent. A detector that is off, or cannot be read, and an account that cannot be entered, keep nobody else from
 * being asked. What it gives is one page of findings at a time, of which it keeps nothing.
 * @param from where an earlier listing of the same places and detectors ended
 */
export async function* listed(
  ports: { aws: Aws; clock: Pick<Clock, 'now'> },
  listing: Listing,
  from: Listed = unlisted(ports.clock.now()),
): AsyncGenerator<ListedPage, void, undefined> {
  let at = withoutEnd(from, listing)
  // AWS takes a token for some time only: one that comes from a file may be too old.
  let isResumed = at.next?.at !== undefined
  for (let left = listing.calls; left > 0 && at.next !== undefined; left--) {
    const page = await nextPage(ports, listing, at, isResumed)
    isResumed = false
    at = page.listed
    yield page
  }
}

/** Nobody to ask is an end, too. */
function withoutEnd(from: Listed, { places, detectors }: Listing): Listed {
  const { next, ...rest } = from
  return next !== undefined && next.question < places.length * detectors.length ? from : rest
}

async function nextPage(
  { aws }: { aws: Aws },
  listing: Listing,
  before: Listed,
  isResumed: boolean,
): Promise<ListedPage> {
  const { question, at: stored } = before.next!
  const { since } = listing
  const { detector, place } = questionAt(listing, question)
  const at =
    stored ??
    detector.start(before.begun, {
      ...(since !== undefined && { since }),
      asked: listing.detectors.map(({ id }) => id),
    })
  const told = before.asked.find((one) => isOf(one, detector, place)) ?? unasked(detector, place)
  const one = { ...told, calls: told.calls + 1 }
  const answer = await callOnce(aws, detector, at, place)
  const page = { findings: [], rejected: [] }
  if (answer.kind === 'off') {
    return { ...page, listed: past(listing, before, { ...one, state: 'off', reason: answer.reason }) }
  }
  if (answer.kind === 'failed') {
    const { action, message } = answer.error
    if (isResumed && isRefusal(answer.error))
      return {
        ...page,
        listed: { ...withTold(before, { ...one, findings: 0, older: 0 }), next: { question } },
      }
    const unread: ListedOf = { ...one, state: 'unread', reason: message, action }
    if (action !== ENTERING) return { ...page, listed: past(listing, before, unread) }
    const closed = { ...before.closed, [place.account]: `${action}: ${message}` }
    return { ...page, listed: past(listing, { ...before, closed }, unread) }
  }
  const { events, next } = answer
  const read = events.length > 0 ? parseEvents(events, `${detector.id} ${place.account}`) : page
  const { findings, older, elsewhere } = await sorted(aws, read.findings, since)
  const all = { ...one, findings: one.findings + findings.length, older: one.older + older }
  const known = { ...before, elsewhere: summed(before.elsewhere, elsewhere) }
  return {
    findings,
    rejected: read.rejected,
    listed:
      next === undefined
        ? past(listing, known, { ...all, state: 'asked' })
        : { ...withTold(known, all), next: { question, at: next } },
  }
}

/** How a role in another account is entered; a denial of it is one of the whole account. */
const ENTERING = 'sts:AssumeRole'

function questionAt({ places, detectors }: Listing, question: number) {
  return {
    place: places[Math.floor(question / detectors.length)]!,
    detector: detectors[question % detectors.length]!,
  }
}

const isOf = (one: Asked, { id }: Detector, { account, region }: Place): boolean =>
  one.detector === id && one.account === account && one.region === region

function unasked({ id, title }: Detector, { account, region }: Place): ListedOf {
  return { detector: id, title, account, region, calls: 0, findings: 0, older: 0, state: 'partly' }
}

function withTold(before: Listed, one: ListedOf): Listed {
  const others = before.asked.filter(
    ({ detector, account, region }) =>
      detector !== one.detector || account !== one.account || region !== one.region,
  )
  return { ...before, asked: [...others, one] }
}

/** Done with this one, however it went; with all of an account that cannot be entered. */
function past(listing: Listing, before: Listed, one: ListedOf): Listed {
  const { next, ...rest } = withTold(before, one)
  const all = listing.places.length * listing.detectors.length
  let question = next!.question + 1
  while (question < all && questionAt(listing, question).place.account in rest.closed) question += 1
  return question < all ? { ...rest, next: { question } } : rest
}

/** Those that were seen since, of accounts that are reached; the others are counted. */
async function sorted(aws: Aws, all: readonly Finding[], since = Number.NEGATIVE_INFINITY) {
  const findings: Finding[] = []
  const elsewhere: Record<string, number> = {}
  let older = 0
  for (const finding of all) {
    if (Date.parse(finding.observedAt) < since) older += 1
    else if (await aws.reaches(finding.account)) findings.push(finding)
    else elsewhere[finding.account] = (elsewhere[finding.account] ?? 0) + 1
  }
  return { findings, older, elsewhere }
}

function summed(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const sum = { ...one }
  for (const [key, count] of Object.entries(other)) sum[key] = (sum[key] ?? 0) + count
  return sum
}
