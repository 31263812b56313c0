import { SEVERITIES, type Severity, severestOf } from '../../findings/finding.ts'
import { heldBy, heldByLimit } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { tellStuck } from '../stuck.ts'
import { frozen } from './frozen.ts'
import { killSwitch } from './kill-switch.ts'
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
  if ((await store.control()).paused) return []
  const runs: Run[] = []
  for (const id of await store.foundBy(heldBy('pause'))) {
    const run = await store.get(id)
    if (run?.heldBy?.rail !== 'pause') continue
    if ((await killSwitch({ ports, run })) === undefined) runs.push(...(await goOn(ports, run)))
  }
  return runs
}

/** How many runs are looked through that something holds; of a limit for each severity. */
const MOST_LOOKED_AT = 500

/** A freeze may end before it said: the policy was changed, or the events of a calendar. */
async function letGoOfFreezes(ports: EnginePorts): Promise<Run[]> {
  const { store, policy } = ports
  // Whoever has no policy does not know of freezes.
  if (policy.kind === 'none') return []
  const held = await store.foundBy(heldBy('freeze'), { limit: MOST_LOOKED_AT })
  if (held.length === 0) return []
  const free = new Set<Severity>()
  for (const severity of SEVERITIES)
    if ((await frozen({ ports, policy }, severity)) === undefined) free.add(severity)
  if (free.size === 0) return []
  const runs: Run[] = []
  for (const id of held) {
    const run = await store.get(id)
    if (run?.heldBy?.rail === 'freeze' && free.has(severestOf(run.findings)))
      runs.push(...(await goOn(ports, run)))
  }
  return runs
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
  const runs: Run[] = []
  for (const severity of SEVERITIES.toReversed()) {
    for (const id of await store.foundBy(heldByLimit(severity), { limit: MOST_LOOKED_AT })) {
      const run = await store.get(id)
      if (run?.heldBy?.rail !== 'limit') continue
      const needed = limitedBy(limits, run)
      const room = await Promise.all(needed.map(roomIn))
      if (room.some((left) => left <= 0)) continue
      for (const [index, { scope }] of needed.entries()) rooms.set(scope, room[index]! - 1)
      runs.push(...(await goOn(ports, run)))
    }
  }
  return runs
}

/** A run that this build cannot carry on is told, and keeps no other from its turn. */
async function goOn(ports: EnginePorts, run: Run): Promise<Run[]> {
  try {
    return await ports.waits.goOn(ports, run)
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    tellStuck(ports, run, error)
    return []
  }
}
