import type { Held } from '../../../state-machines/effects.ts'
import type { Hold } from '../../run/run.ts'
import type { Effect } from '../drive/facts.ts'
import { breaker, giveUpTrial } from './breaker.ts'
import { freeze } from './frozen.ts'
import { killSwitch } from './kill-switch.ts'
import { limit } from './limits.ts'
import type { Rail, Railed } from './rail.ts'

/**
 * Asked before a run looks again at what it is about to change, and before each of its steps, in this order; the first
 * that holds a run is the one that it waits for.
 */
const AT_EACH_STEP: readonly Rail[] = [killSwitch, freeze]
/** Asked once, when nothing but the claim is left to do: what they give is counted. */
const AT_THE_CLAIM: readonly Rail[] = [breaker, limit]

/** Before it is asked again whether a hold has ended of which nobody knows the end (ms); whoever ends it wakes the run. */
const UNKNOWN_END_MS = 24 * 3600 * 1000
/** A hold that ends this very moment is not asked about without a pause (ms). */
const SHORTEST_MS = 1_000

/** What holds this run now, noted in it; undefined where it may go on. */
export const held = (drive: Railed): Effect<Held | undefined> => heldByOneOf(drive, AT_EACH_STEP)
/** The same of what lets only so many runs change anything. */
export async function* heldAtClaim(drive: Railed): Effect<Held | undefined> {
  const hold = yield* heldByOneOf(drive, AT_THE_CLAIM)
  if (hold) await giveUpTrial(drive)
  return hold
}

/**
 * What would hold a run now, were it about to change something: for rehearsals, which change nothing. What lets only so
 * many runs change anything is not asked: asking takes a place.
 */
export const wouldHold = (drive: Railed): Promise<Hold | undefined> => firstOf(AT_EACH_STEP, drive)

async function* heldByOneOf(drive: Railed, rails: readonly Rail[]): Effect<Held | undefined> {
  const hold = await firstOf(rails, drive)
  if (hold === undefined) return undefined
  yield { run: { heldBy: hold } }
  return { kind: 'held', pollMs: endsIn(hold, drive.ports.clock.now()) }
}

async function firstOf(rails: readonly Rail[], drive: Railed): Promise<Hold | undefined> {
  for (const rail of rails) {
    const hold = await rail(drive)
    if (hold !== undefined) return hold
  }
  return undefined
}

/** A limit frees one place at a time: the sweeper wakes as many as there are places, and not all when the first is free. */
function endsIn({ rail, until }: Hold, now: number): number {
  if (until === undefined || rail === 'limit') return UNKNOWN_END_MS
  return Math.max(SHORTEST_MS, Date.parse(until) - now)
}
