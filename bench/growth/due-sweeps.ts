import { sum } from './cost.ts'
import { type Deployment, deploy } from './deployment.ts'
import { fill, removeCopies, type StoredRun } from './fill.ts'
import { NotDone } from './function.ts'
import type { Stack } from './stack.ts'

/** What the sweeper does where runs are due whose timers never came. */
export interface DueSweep {
  due: number
  /** ms added to each answer of AWS. */
  delayMs: number
  invocations: Invocation[]
}

export interface Invocation {
  seconds: number
  /** Whether it ended before its time was up. */
  done: boolean
  /** Runs that have had a message after it, each once. */
  woken: number
  calls: number
}

/** What a call to a queue or a table takes in life, about. */
const DELAY_MS = 10
const INVOCATIONS = 2
/** Long enough for a wait to be over, too short for a run to be stuck (ms). */
const OVERDUE_MS = 60_000

/** Between two invocations what was woken leaves the table: the runner has seen to it before the next sweep. */
export async function dueSweeps(
  stack: Stack,
  table: string,
  waiting: StoredRun,
  due: number,
): Promise<DueSweep> {
  const { wire, tell } = stack
  await fill(stack, table, waiting, { from: 0, copies: due, due: Date.now() - OVERDUE_MS })
  const deployment = await deploy(stack, table)
  const woken = new Set<string>()
  const invocations: Invocation[] = []
  wire.slow(DELAY_MS)
  try {
    while (invocations.length < INVOCATIONS && woken.size < due) {
      wire.cost()
      const start = performance.now()
      const done = await swept(deployment, tell)
      const seconds = (performance.now() - start) / 1000
      const calls = sum(wire.cost().calls)
      const told = wire.messages().map(({ body }) => (JSON.parse(body) as { run: string }).run)
      const fresh = [...new Set(told)].filter((run) => !woken.has(run))
      for (const run of fresh) woken.add(run)
      await removeCopies(stack, table, waiting, fresh)
      invocations.push({ seconds, done, woken: woken.size, calls })
    }
    return { due, delayMs: DELAY_MS, invocations }
  } finally {
    wire.slow(0)
    deployment.stop()
  }
}

async function swept(deployment: Deployment, tell: Stack['tell']): Promise<boolean> {
  try {
    await deployment.sweep()
    return true
  } catch (error) {
    if (!(error instanceof NotDone)) throw error
    tell(`the sweep: ${error.message}`)
    return false
  }
}
