import type { Run } from '../run/run.ts'
import { StoreError } from '../store/store-error.ts'
import type { Job } from './jobs/jobs.ts'
import type { EnginePorts, Intent } from './ports.ts'
import { BadRequest } from './refusals.ts'
import { driveNew } from './start-runs.ts'

/** Begun at once, so that their reads are joined: as many ids as most lists of AWS take. */
const PORTION = 200
/** Portions of runs that have ended and were not taken yet; no more is begun meanwhile. */
const MOST_UNTAKEN = 4

/** How jobs are carried out that change nothing. */
export interface LookOnly {
  intent: Exclude<Intent, 'apply'>
  /** Given each run that has ended, in the order of the jobs; the next one waits for it. */
  onEnd: (run: Run) => void | Promise<void>
  /** From here on none is begun; those that are under way end. */
  until?: AbortSignal
}

/**
 * Carries out jobs that change nothing: nobody has to wait for anybody, and no look can grow too old. A portion is begun when
 * there is room for it, so that one that waits (for AWS, or to see whether its resource is really gone) holds up no other.
 * A run that a fault of ours ends is `failed`, and says so: the others have nothing to do with it.
 * Errors: `StoreError` and `BadRequest`, which are about all of them.
 */
export async function lookOnly(ports: EnginePorts, jobs: readonly Job[], how: LookOnly): Promise<void> {
  const { intent, onEnd, until } = how
  /** In the order of the jobs; those that were taken are not kept. */
  const runs: (Promise<Run> | undefined)[] = []
  let begun = 0
  let taken = 0
  let ended = 0

  const beginMore = () => {
    while (begun < jobs.length && !until?.aborted) {
      const isFull = begun - ended > PORTION || begun - taken > MOST_UNTAKEN * PORTION
      if (isFull) return
      for (const job of jobs.slice(begun, begun + PORTION)) {
        const run = looked(ports, job, intent).finally(() => {
          ended += 1
          beginMore()
        })
        // It is waited for in its turn, which may come later than its failure.
        run.catch(() => undefined)
        runs.push(run)
      }
      begun = Math.min(begun + PORTION, jobs.length)
    }
  }

  beginMore()
  for (; taken < runs.length; taken++) {
    await onEnd(await runs[taken]!)
    runs[taken] = undefined
    beginMore()
  }
}

async function looked(ports: EnginePorts, job: Job, intent: LookOnly['intent']): Promise<Run> {
  try {
    return await driveNew(ports, job, intent)
  } catch (error) {
    if (!(error instanceof Error) || error instanceof StoreError || error instanceof BadRequest) throw error
    const ending = { outcome: 'failed' as const, reason: `unexpected: ${error.message}` }
    return driveNew(ports, { ...job, ending }, intent)
  }
}
