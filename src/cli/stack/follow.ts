import { afterDecisions } from '../../engine/decide/after-decisions.ts'
import type { Report } from '../../engine/ports.ts'
import { visible } from '../../reports/paint.ts'
import type { Run } from '../../run/run.ts'
import type { Invocation } from '../program/invocation.ts'
import { sameWay } from '../program/same-way.ts'
import { uponInterruption } from '../terminal/interruption.ts'
import type { Stack } from './deployment.ts'

/** How long the functions of a deployment are watched at a run, and how often (ms). */
const PATIENCE_MS = 180_000
const POLL_MS = 1_000

/** Runs that a decision has just set going, followed as far as they get; the others as they are. */
export async function followDecided(report: Report, stack: Stack, invocation: Invocation): Promise<Report> {
  const now = stack.clock.now()
  const goesOn = (run: Run) => afterDecisions(run) !== undefined || Date.parse(run.waitingUntil ?? '') <= now
  const followed = async (run: Run) =>
    (goesOn(run) ? await follow(run.id, run.revision, stack, invocation) : undefined) ?? run
  return { ...report, runs: await Promise.all(report.runs.map(followed)) }
}

/**
 * A run as it is once it has closed or waits again, or after three minutes, which are told. Undefined: nothing has been
 * stored of it by then.
 * @param since revision at which it was last seen; the wait that it stood in then does not count
 * @param isLeft whether that wait is one that this caller can do no more about
 */
export async function follow(
  id: string,
  since: number,
  { store, clock, name }: Stack,
  invocation: Invocation,
  isLeft: (run: Run) => boolean = () => false,
): Promise<Run | undefined> {
  const { output } = invocation
  const look = `rectify runs ${id}${sameWay(invocation)}`
  const end = clock.now() + PATIENCE_MS
  const off = uponInterruption(() => {
    output.status('')
    output.note(`interrupted; stack ${name} goes on: ${look}`)
  })
  try {
    return await watch()
  } finally {
    off()
  }

  async function watch(): Promise<Run | undefined> {
    for (;;) {
      const run = await store.get(id)
      const waits = run?.state === 'waiting' && (run.revision > since || isLeft(run))
      if (run && (run.state === 'closed' || waits)) return run
      if (clock.now() >= end) {
        output.note(`still under way: ${look}`)
        return run
      }
      output.status(`stack ${name}: ${visible(run?.target.id ?? id)}: under way`)
      await clock.sleep(POLL_MS)
    }
  }
}
