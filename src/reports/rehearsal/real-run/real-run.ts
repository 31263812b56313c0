import { MOST_UNDER_WAY } from '../../../aws/clients.ts'
import type { WireEntry } from '../../../engine/rehearsing/wire-count.ts'
import { tenths } from '../../counts.ts'
import { count } from '../rehearsal.ts'
import type { PlaceTally, RealTally, RealWait } from './real-tally.ts'

/** At least and at most. */
export interface Range {
  least: number
  most: number
}

/** What the real thing would take, were all of it allowed and approved. */
export interface RealRun {
  /** Calls that change something. */
  changes: number
  /** US dollars, on paper. */
  dollars: number
  /** All calls to AWS that are about the resources. */
  calls: Range
  /** Those of the first looks, which are made of what has nothing to do as well. */
  looks: Range
  /** Those of the looks before the change: of what asks always, of what acts by itself where its look is old by then. */
  looksAgain: Range
  /** Those of the looks that prove it. */
  proofs: Range
  /** Dry runs that are sent again before the change. */
  dryRuns: number
  /** Seconds, waits apart; null where no call was timed. */
  seconds: Range | null
  /** The same by account and region, most calls first: AWS throttles by these. */
  places: RealPlace[]
  /** What it waits for besides. */
  waits: RealWait[]
  /** From what it was reckoned, a sentence each. */
  reckonedFrom: string[]
}

export interface RealPlace {
  account: string
  region: string
  changes: number
  dryRuns: number
  reads: Range
  calls: Range
  seconds: Range | null
  /** How long a call took in the rehearsal, on average (ms); null where none was timed. */
  msPerCall: number | null
  /** The same, were each as quick as the quickest of its action: many at a time hold each other up. */
  quickestMsPerCall: number | null
  /** Calls of the rehearsal that had to be tried again there. */
  retries: number
}

/**
 * Reckons it. At least: all reads are joined that can be, no look is old, a proof reads one thing, and as many calls are under
 * way at once as the engine lets, each as quick as the quickest. At most: nothing is joined, each look is repeated before the
 * change, a proof reads all that the look read of the resource, and each call waits for the one before it.
 * @param wire what this very rehearsal counted; undefined: nothing was
 */
export function realRun(tally: RealTally, wire: readonly WireEntry[] | undefined, dollars: number): RealRun {
  const places = placesOf(tally, wire ?? []).map((place) => reckoned(place, wire))
  places.sort((a, b) => b.here.calls.most - a.here.calls.most)
  const all = (of: (place: Reckoned) => Range) => places.map(of).reduce(plus, NOTHING)
  const here = places.map((place) => place.here)
  const calls = here.map((place) => place.calls).reduce(plus, NOTHING)
  return {
    changes: here.reduce((sum, { changes }) => sum + changes, 0),
    dollars,
    calls,
    looks: all(({ looks }) => looks),
    looksAgain: all(({ looksAgain }) => looksAgain),
    proofs: all(({ proofs }) => proofs),
    dryRuns: here.reduce((sum, { dryRuns }) => sum + dryRuns, 0),
    seconds: secondsOfAll(here),
    places: here,
    waits: tally.waits,
    reckonedFrom: reckonedFrom(
      tally,
      wire,
      places.reduce((sum, { before }) => sum + before, 0),
    ),
  }
}

interface Reckoned {
  here: RealPlace
  looks: Range
  looksAgain: Range
  proofs: Range
  /** Reads of first looks that this process did not count: those of before an interruption. */
  before: number
}

/** Where runs would be, and where else the engine read. */
function placesOf(tally: RealTally, wire: readonly WireEntry[]): PlaceTally[] {
  const places = tally.places
  const known = new Set(places.map(({ account, region }) => `${account} ${region}`))
  for (const { account, region, asked } of wire) {
    if (asked === 0 || known.has(`${account} ${region}`)) continue
    known.add(`${account} ${region}`)
    const counts = { plans: 0, changes: 0, dryRuns: 0, sets: 0, chain: 0 }
    places.push({ account, region, ...counts, reads: new Map(), proofs: new Map() })
  }
  return places
}

function reckoned(place: PlaceTally, wire: readonly WireEntry[] | undefined): Reckoned {
  const { account, region, changes, dryRuns, sets, chain, reads } = place
  const own = (wire ?? []).filter((one) => one.account === account && one.region === region)
  const byAction = new Map(own.map((one) => [one.action, one]))
  /**
   * Calls for each read that was asked for: fewer than one where they are joined, more where a list has pages. Of reads that
   * were not counted (before a rehearsal was interrupted) all may have been joined with those that were.
   */
  const perRead = (action: string): Range => {
    const { askedByAll = 0, calls = 0, fewest = 0 } = byAction.get(action) ?? {}
    if (askedByAll === 0) return { least: 0, most: 1 }
    const all = Math.max(askedByAll, reads.get(action)?.looks ?? 0)
    return { least: fewest / all, most: Math.max(1, calls / askedByAll) }
  }
  const callsFor = (counts: Iterable<readonly [string, number]>): Range =>
    [...counts].map(([action, count]) => times(perRead(action), count)).reduce(plus, NOTHING)
  const of = (count: 'looks' | 'again' | 'maybeAgain' | 'proofs') =>
    callsFor([...reads].map(([action, tally]) => [action, tally[count]] as const))
  // Also what no run has read, but whoever looked for its resources.
  const asked = new Map(own.map((one) => [one.action, one.asked]))
  for (const [action, { looks }] of reads) asked.set(action, Math.max(looks, asked.get(action) ?? 0))
  const counted = (action: string) => byAction.get(action)?.askedByAll ?? 0
  const before = [...reads].reduce(
    (sum, [action, { looks }]) => sum + Math.max(0, looks - counted(action)),
    0,
  )
  const looks = rounded(callsFor(asked))
  const looksAgain = rounded({ least: of('again').least, most: of('again').most + of('maybeAgain').most })
  const proofs = rounded({ least: leastOfProofs(place, perRead), most: of('proofs').most })
  const read = [looks, looksAgain, proofs, { least: sets, most: sets }].reduce(plus, NOTHING)
  const calls = plus(read, { least: changes + dryRuns, most: changes + dryRuns })
  const timed = own.reduce((sum, one) => sum + one.calls, 0)
  const perCall = (msOf: (one: WireEntry) => number) => own.reduce((sum, one) => sum + msOf(one), 0) / timed
  const msPerCall =
    timed === 0
      ? null
      : { least: perCall((one) => one.calls * one.quickestMs), most: perCall(({ ms }) => ms) }
  return {
    here: {
      ...{
        account,
        region,
        changes,
        dryRuns,
        reads: read,
        calls,
        seconds: secondsOf(calls, chain, msPerCall),
      },
      msPerCall: msPerCall && tenths(msPerCall.most),
      quickestMsPerCall: msPerCall && tenths(msPerCall.least),
      retries: own.reduce((sum, { retries }) => sum + retries, 0),
    },
    ...{ looks, looksAgain, proofs, before },
  }
}

/** Of each proof the one read that takes the fewest calls. */
function leastOfProofs({ proofs }: PlaceTally, perRead: (action: string) => Range): number {
  return [...proofs].reduce((sum, [actions, count]) => {
    const fewest = actions === '' ? 0 : Math.min(...actions.split(' ').map((each) => perRead(each).least))
    return sum + fewest * count
  }, 0)
}

function secondsOf({ least, most }: Range, chain: number, msPerCall: Range | null): Range | null {
  if (msPerCall === null) return null
  const atOnce = Math.max(chain, least / MOST_UNDER_WAY)
  return { least: tenths((atOnce * msPerCall.least) / 1000), most: tenths((most * msPerCall.most) / 1000) }
}

/** Places side by side at least, as far as the engine lets so many calls go at once; one after the other at most. */
function secondsOfAll(places: readonly RealPlace[]): Range | null {
  if (places.length === 0 || places.some(({ seconds }) => seconds === null)) return null
  const together = places.reduce(
    (sum, { calls, quickestMsPerCall: ms }) => sum + (calls.least * (ms ?? 0)) / 1000 / MOST_UNDER_WAY,
    0,
  )
  return {
    least: tenths(Math.max(together, ...places.map(({ seconds }) => seconds?.least ?? 0))),
    most: tenths(places.reduce((sum, { seconds }) => sum + (seconds?.most ?? 0), 0)),
  }
}

function reckonedFrom(
  { uncounted }: RealTally,
  wire: readonly WireEntry[] | undefined,
  before: number,
): string[] {
  const calls = (wire ?? []).reduce((sum, one) => sum + one.calls, 0)
  const joined =
    calls === 0
      ? 'At least: no read is counted, because nobody has seen how many of them are joined.'
      : `At least: all reads are joined that can be, by what was read in this rehearsal (${calls} calls), no look is older than 5 s, and a proof reads one thing.`
  return [
    joined,
    'At most: nothing is joined, as where findings come one by one; each look is repeated before the change, and a proof reads all that the look read of the resource.',
    ...(calls === 0
      ? []
      : [
          `Time, by the calls of this rehearsal in that account and region: at least each takes as long as the quickest of its action, and ${MOST_UNDER_WAY} go at once; at most each takes as long as they did on average, one after the other.`,
        ]),
    ...(calls > 0 && before > 0
      ? [
          `Not counted in "at least": ${count(before, 'read')} that this process did not make, as of before an interruption: nobody knows how many of them were joined.`,
        ]
      : []),
    ...(uncounted > 0
      ? [`Not in it: the reads of ${count(uncounted, 'plan')}, which nobody has counted.`]
      : []),
    'Not in it: what the engine stores, whose sessions it opens (sts:AssumeRole), and what detectors are told.',
  ]
}

const NOTHING: Range = { least: 0, most: 0 }
const plus = (a: Range, b: Range): Range => ({ least: a.least + b.least, most: a.most + b.most })
const times = ({ least, most }: Range, count: number): Range => ({ least: least * count, most: most * count })
/** Whole calls; what was divided and multiplied again is not one more by the last digit. */
const rounded = ({ least, most }: Range): Range => ({
  least: Math.round(least),
  most: Math.ceil(most - 1e-6),
})
