import type { Run } from '../../run/run.ts'
import type { RunStore, TimeBox } from '../../run/store.ts'
import { FURTHER } from '../../store/time-boxes.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { isBoxed } from '../change/time-boxed.ts'

/** A hold, and the key of the runs that it is for. */
export interface Holder extends TimeBox {
  of: string
}

/** Of a hold that does not tell (older than keys, or one for many) the key is that of its newest run. */
export async function holdersOf(
  store: Pick<RunStore, 'timeBoxes' | 'get'>,
  resource: string,
  entries?: string[],
): Promise<Holder[]> {
  return told(store, await store.timeBoxes(resource, entries))
}

/** The same of holds that were read already. */
export function told(store: Pick<RunStore, 'get'>, timeBoxes: readonly TimeBox[]): Promise<Holder[]> {
  return Promise.all(
    timeBoxes.map(async (timeBox) => {
      const tells = timeBox.key !== FURTHER && timeBox.key !== timeBox.run
      return { ...timeBox, of: tells ? timeBox.key : ((await store.get(timeBox.run))?.key ?? timeBox.key) }
    }),
  )
}

/** Whether a hold is a run's own: that of any run of its key. What stands for many is nobody's own. */
export function isOwn({ key, of }: Holder, run: Pick<Run, 'key'>): boolean {
  return key !== FURTHER && of === run.key
}

/** The time-boxed entries that a run wanted in its set: those that it put there, and those that were there. */
export function boxedEntries(run: Run): string[] {
  const added = appliedSteps(run)
    .filter(isBoxed)
    .flatMap(({ merge }) => merge.add)
  return [...new Set([...added, ...(run.timeBoxes?.entries ?? [])])]
}
