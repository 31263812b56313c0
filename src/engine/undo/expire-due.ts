import type { Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'
import { overIn } from './expiry.ts'

/**
 * Takes out the time-boxed entries whose last holder has ended: one undo run per run that put them there. Entries in
 * other accounts than the caller's are left for whoever has credentials for them.
 */
export async function expireTimeBoxes(ports: EnginePorts): Promise<Run[]> {
  const due = await ports.store.timeBoxesDue(ports.clock.now())
  const runs: Run[] = []
  for (const [resource, timeBoxes] of Map.groupBy(due, (timeBox) => timeBox.resource)) {
    const entries = [...new Set(timeBoxes.map(({ entry }) => entry))]
    for (const [maker, over] of await overIn(ports, resource, entries)) {
      const original = await ports.store.get(maker)
      if (!original) {
        ports.progress?.({
          kind: 'warning',
          message: `entries of run ${maker} are over, but the run is not in this store`,
        })
      } else if (await ports.aws.reaches(original.account)) {
        runs.push(...(await ports.waits.expire(ports, original, over)))
      }
    }
  }
  return runs
}
