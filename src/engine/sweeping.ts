import pLimit from 'p-limit'
import type { Run } from '../run/run.ts'
import type { RunStore } from '../run/store.ts'
import { afterDecisions } from './decide/after-decisions.ts'
import type { EnginePorts, Report } from './ports.ts'
import { letGo } from './rails/let-go.ts'
import { orTellStuck } from './stuck.ts'
import { expireTimeBoxes } from './undo/expire-due.ts'
import { isHeld } from './waits/lock-holders.ts'
import { wokenAt } from './waits/moments.ts'

/** Left of an invocation for what comes after the runs that are due (ms). */
const LEFT_OVER_MS = 20_000

/**
 * Carries on interrupted runs, wakes overdue waits, lets held runs go, expires time-boxed blocks: what is due and no more,
 * page by page, the longest due first. What this invocation has no time for is due at the next.
 */
export async function sweep(ports: EnginePorts): Promise<Report> {
  const { clock, store, waits, endsAt = Number.POSITIVE_INFINITY } = ports
  const atOnce = pLimit(waits.sweepsAtOnce)
  const runs: Run[] = []
  for await (const due of pagesDue(store, clock.now())) {
    const carried = await Promise.all(due.map((run) => atOnce(() => seeTo(ports, run))))
    runs.push(...carried.flat())
    if (endsAt - clock.now() <= LEFT_OVER_MS) break
  }
  const { runs: letGoNow } = await letGo(ports)
  return { runs: [...runs, ...letGoNow, ...(await expireTimeBoxes(ports))], ignored: [] }
}

/** Runs that are due at `until` (ms since 1970, UTC), a page at a time; the next one is read when it is asked for. */
async function* pagesDue(store: Pick<RunStore, 'due'>, until: number): AsyncGenerator<Run[]> {
  let from: string | undefined
  do {
    const page = await store.due(until, from === undefined ? {} : { from })
    yield page.runs
    from = page.next
  } while (from !== undefined)
}

async function seeTo(ports: EnginePorts, run: Run): Promise<Run[]> {
  return (await isOverdue(ports, run)) ? orTellStuck(ports, run, () => ports.waits.goOn(ports, run)) : []
}

/** Whether a run that is due has nobody who sees to it. */
async function isOverdue(ports: EnginePorts, run: Run): Promise<boolean> {
  if (await ports.waits.drivenByAnother(ports, run)) return false
  switch (run.waitingFor) {
    case 'approval':
      return wokenAt(run) <= ports.clock.now() || afterDecisions(run) !== undefined
    case 'lock': {
      const { lockedBy } = await ports.store.lock(run.resource)
      return !lockedBy || !(await isHeld(ports, lockedBy))
    }
    default:
      return run.state !== 'closed'
  }
}

/** A run that is due for longer than this is stuck (ms). */
const STUCK_MS = 2 * 3600 * 1000

/** Runs that ought to have got on long ago, and have not. */
export async function stuckRuns({ store, clock }: Pick<EnginePorts, 'store' | 'clock'>): Promise<Run[]> {
  const runs: Run[] = []
  for await (const due of pagesDue(store, clock.now() - STUCK_MS)) runs.push(...due)
  return runs
}
