import type { Report } from '../engine/engine.ts'
import { afterDecisions } from '../engine/host.ts'
import { visible } from '../reports/paint.ts'
import type { Run } from '../store/run.ts'
import type { Output } from './output.ts'
import type { Stack } from './stack.ts'

/** How long the functions of a deployment are watched at a run, and how often (ms). */
export const PATIENCE_MS = 180_000
const POLL_MS = 1_000

/** Runs that a decision has just set going, followed as far as they get; the others as they are. */
export async function followDecided(report: Report, stack: Stack, output: Output): Promise<Report> {
  const now = stack.clock.now()
  const goesOn = (run: Run) => afterDecisions(run) !== undefined || Date.parse(run.waitingUntil ?? '') <= now
  const runs = report.runs.map((run) => (goesOn(run) ? follow(run, stack, output) : run))
  return { ...report, runs: await Promise.all(runs) }
}

/**
 * A run as it is once it has closed or waits again, or after three minutes, which are told.
 * @param from as it was last seen; the wait that it stood in then does not count
 */
export async function follow(from: Run, { store, clock, name }: Stack, output: Output): Promise<Run> {
  const end = clock.now() + PATIENCE_MS
  for (;;) {
    const run = (await store.get(from.id)) ?? from
    if (run.state === 'closed' || (run.state === 'waiting' && run.revision > from.revision)) return run
    if (clock.now() >= end) {
      output.note(`still under way: rectify runs ${run.id} --stack ${name}`)
      return run
    }
    output.status(`stack ${name}: ${visible(run.target.id)}: under way`)
    await clock.sleep(POLL_MS)
  }
}
