import { SEVERITIES, type Severity, severestOf } from '../../findings/finding.ts'
import { heldBy, heldByLimit } from '../../run/found-by.ts'
import type { Hold, Run } from '../../run/run.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { runsFoundBy } from '../run-called.ts'
import { orTellStuck } from '../stuck.ts'
import { frozen } from './frozen.ts'
import { EVERYTHING, noLongerHeld } from './kill-switch.ts'
import { type Limited, limitedBy } from './limits.ts'
import { limitsOf } from './limits-of.ts'

/** Runs that a guard rail held and lets go now, each carried on from there; the others are left as they are. */
export async function letGo(ports: EnginePorts): Promise<Report> {
  const runs = [await letGoOfPause(ports), await letGoOfFreezes(ports), await letGoOfLimits(ports)]
  return { runs: runs.flat(), ignored: [] }
}

/** Costs one read while everything is paused, and two where nothing was. */
async function letGoOfPause(ports: EnginePorts): Promise<Run[]> {
  const { store } = ports
  const paused = new Set((await store.allControls()).map(({ scope }) => scope))
  if (paused.has(EVERYTHING)) return []
  return letGoWhere(ports, await noLongerHeld(store, paused), () => true)
}

/** How many runs are looked through that something holds; of a limit for each severity. */
const MOST_LOOKED_AT = 500

/** A freeze may end before it said: the policy was changed, or the events of a calendar. */
async function letGoOfFreezes(ports: EnginePorts): Promise<Run[]> {
  const { store, policy } = ports
  // Whoever has no policy does not know of freezes.
  if (policy.kind === 'none') return []
  const held = await heldRuns(store, 'freeze', heldBy('freeze'))
  if (held.length === 0) return []
  const free = new Set<Severity>()
  for (const severity of SEVERITIES)
    if ((await frozen({ ports, policy }, severity)) === undefined) free.add(severity)
  return letGoWhere(ports, held, ({ findings }) => free.has(severestOf(findings)))
}

/** As many as there is room for, the severest first, of these the one that has waited longest. */
async function letGoOfLimits(ports: EnginePorts): Promise<Run[]> {
  const { store, clock, policy } = ports
  // Whoever has no policy does not know of room.
  if (policy.kind === 'none') return []
  const limits = limitsOf(policy)
  const rooms = new Map<string, number>()
  const roomIn = async ({ scope, most }: Limited): Promise<number> => {
    const room = rooms.get(scope) ?? most - (await store.tokens(scope, clock.now())).length
    rooms.set(scope, room)
    return room
  }
  const hasRoom = async (run: Run): Promise<boolean> => {
    const needed = limitedBy(limits, run)
    const room = await Promise.all(needed.map(roomIn))
    if (room.some((left) => left <= 0)) return false
    for (const [index, { scope }] of needed.entries()) rooms.set(scope, room[index]! - 1)
    return true
  }
  const runs: Run[] = []
  for (const severity of SEVERITIES.toReversed()) {
    const held = await heldRuns(store, 'limit', heldByLimit(severity))
    runs.push(...(await letGoWhere(ports, held, hasRoom)))
  }
  return runs
}

/** The runs that a rail holds and that are found by this key, the one that has waited longest first. */
async function heldRuns(store: EnginePorts['store'], rail: Hold['rail'], key: string): Promise<Run[]> {
  return (await runsFoundBy(store, key, { limit: MOST_LOOKED_AT })).filter(
    ({ heldBy }) => heldBy?.rail === rail,
  )
}

/** One after the other: whether one may go may be for the one before it to say. */
async function letGoWhere(
  ports: EnginePorts,
  held: readonly Run[],
  mayGo: (run: Run) => boolean | Promise<boolean>,
): Promise<Run[]> {
  const runs: Run[] = []
  for (const run of held)
    if (await mayGo(run)) runs.push(...(await orTellStuck(ports, run, () => ports.waits.goOn(ports, run))))
  return runs
}
