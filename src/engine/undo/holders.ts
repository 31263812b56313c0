import type { Run } from '../../run/run.ts'
import type { Hold, RunStore } from '../../run/store.ts'
import { FURTHER } from '../../store/holds.ts'
import { appliedSteps } from '../change/applied-steps.ts'

/** A hold, and the key of the runs that it is for. */
export interface Holder extends Hold {
  of: string
}

/** Of a hold that does not tell (older than keys, or one for many) the key is that of its newest run. */
export async function holdersOf(
  store: Pick<RunStore, 'holds' | 'get'>,
  resource: string,
  entries?: string[],
): Promise<Holder[]> {
  return told(store, await store.holds(resource, entries))
}

/** The same of holds that were read already. */
export function told(store: Pick<RunStore, 'get'>, holds: readonly Hold[]): Promise<Holder[]> {
  return Promise.all(
    holds.map(async (hold) => {
      const tells = hold.key !== FURTHER && hold.key !== hold.run
      return { ...hold, of: tells ? hold.key : ((await store.get(hold.run))?.key ?? hold.key) }
    }),
  )
}

/** Whether a hold is a run's own: that of any run of its key. What stands for many is nobody's own. */
export function isOwn({ key, of }: Holder, run: Pick<Run, 'key'>): boolean {
  return key !== FURTHER && of === run.key
}

/** The time-boxed entries that a run wanted in its set: those that it put there, and those that were there. */
export function boxedEntries(run: Run): string[] {
  const added = appliedSteps(run).flatMap(({ merge }) => (merge?.expiresAfter ? merge.add : []))
  return [...new Set([...added, ...(run.holds?.entries ?? [])])]
}
