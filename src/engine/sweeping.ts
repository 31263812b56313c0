import type { Run } from '../run/run.ts'
import { afterDecisions } from './decide/after-decisions.ts'
import type { EnginePorts, Report } from './ports.ts'
import { expireTimeBoxes } from './undo/expiry.ts'

/** Carries on interrupted runs, wakes overdue waits, expires time-boxed blocks. */
export async function sweep(ports: EnginePorts): Promise<Report> {
  const open = await ports.store.list({ state: ['open', 'waiting'] })
  const runs: Run[] = []
  for (const run of open.reverse()) {
    if (!(await isDue(ports, run))) continue
    runs.push(...(await ports.waits.goOn(ports, run)))
  }
  return { runs: [...runs, ...(await expireTimeBoxes(ports))], ignored: [] }
}

async function isDue(ports: EnginePorts, run: Run): Promise<boolean> {
  if (await ports.waits.drivenByAnother(ports, run)) return false
  switch (run.waitingFor) {
    case 'approval':
      return Date.parse(run.waitingUntil ?? '') <= ports.clock.now() || afterDecisions(run) !== undefined
    case 'lock': {
      const { lockedBy } = await ports.store.lock(run.resource)
      return !lockedBy || lockedBy.until <= ports.clock.now() || !(await ports.owners.alive(lockedBy.owner))
    }
    case 'settling':
      return ports.waits.isOverdueForCommand(run, ports.clock.now())
    default:
      return true
  }
}

/** A run that is open for longer than this without waiting for a person is stuck (ms). */
const STUCK_MS = 2 * 3600 * 1000

/** Whether a run ought to have got on long ago, and has not. */
export function isStuck(run: Run, now: number): boolean {
  return now - dueSince(run) > STUCK_MS
}

/** Since when a run waits for nobody but us, or will; ms since 1970, UTC. */
function dueSince(run: Run): number {
  if (run.waitingFor !== 'approval') return Date.parse(run.startedAt)
  return Date.parse((afterDecisions(run) ? run.decisions.at(-1)!.at : run.waitingUntil) ?? '')
}
