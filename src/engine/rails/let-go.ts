import { heldBy } from '../../run/found-by.ts'
import type { Run } from '../../run/run.ts'
import type { EnginePorts, Report } from '../ports.ts'
import { BadRequest } from '../refusals.ts'
import { tellStuck } from '../stuck.ts'
import { killSwitch } from './kill-switch.ts'

/** Runs that a guard rail held and lets go now, each carried on from there; the others are left as they are. */
export async function letGo(ports: EnginePorts): Promise<Report> {
  return { runs: await letGoOfPause(ports), ignored: [] }
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
