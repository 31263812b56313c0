import pLimit from 'p-limit'
import { systemClock } from '../engine/system.ts'
import type { ToldOfRuns } from '../reports/run/run-json.ts'
import type { Run } from '../run/run.ts'
import type { ToldEnd } from '../run/told-detector.ts'
import { mayBeTold } from '../writeback/run-words.ts'
import { type Context, openDetectors } from './program/context.ts'
import type { Invocation } from './program/invocation.ts'

/** Runs of which detectors are told side by side. */
const AT_ONCE = 8

/**
 * Tells detectors how runs of this process ended, as the policy says and with the caller's credentials, each once. Who
 * could not be told is a warning of its run, and is told with the next command that gives this run.
 */
export async function tellDetectors(
  invocation: Invocation,
  { store, late }: Pick<Context, 'store' | 'late'>,
  runs: readonly Run[],
): Promise<ToldOfRuns> {
  const ended = runs.filter(mayBeTold)
  if (ended.length === 0) return new Map()
  const { output } = invocation
  output.status('telling the detectors')
  const { writeback } = await import('../writeback/tell-run.ts')
  const detectors = writeback({ aws: await openDetectors(invocation), store, clock: systemClock })
  const limit = pLimit(AT_ONCE)

  async function tell(run: Run): Promise<[string, readonly ToldEnd[]]> {
    let { told } = await detectors.tell(run)
    for (const each of late) if (each.run.id === run.id) ({ told } = await detectors.tell(run, each.findings))
    return [run.id, told]
  }

  const told = await Promise.all(ended.map((run) => limit(() => tell(run))))
  output.status('')
  return new Map(told)
}
