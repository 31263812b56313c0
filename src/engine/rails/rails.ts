import type { Held } from '../../../state-machines/effects.ts'
import type { Hold } from '../../run/run.ts'
import type { Effect } from '../drive/facts.ts'
import { killSwitch } from './kill-switch.ts'
import type { Rail, Railed } from './rail.ts'

/** In the order in which they are asked; the first that holds a run is the one that it waits for. */
const RAILS: readonly Rail[] = [killSwitch]

/** Before it is asked again whether a hold has ended of which nobody knows the end (ms); whoever ends it wakes the run. */
const UNKNOWN_END_MS = 24 * 3600 * 1000
/** A hold that ends this very moment is not asked about without a pause (ms). */
const SHORTEST_MS = 1_000

/** What holds this run now, noted in it; undefined where it may go on. */
export async function* held(drive: Railed, rails: readonly Rail[] = RAILS): Effect<Held | undefined> {
  for (const rail of rails) {
    const hold = await rail(drive)
    if (hold === undefined) continue
    yield { run: { heldBy: hold } }
    return { kind: 'held', pollMs: endsIn(hold, drive.ports.clock.now()) }
  }
  return undefined
}

/** A limit frees one place at a time: the sweeper wakes as many as there are places, and not all when the first is free. */
function endsIn({ rail, until }: Hold, now: number): number {
  if (until === undefined || rail === 'limit') return UNKNOWN_END_MS
  return Math.max(SHORTEST_MS, Date.parse(until) - now)
}
