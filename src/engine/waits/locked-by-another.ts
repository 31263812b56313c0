import type { Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'

/** Whether a living process other than this one holds the resource for this run. */
export async function lockedByAnother({ store, owners, clock }: EnginePorts, run: Run): Promise<boolean> {
  const { lockedBy } = await store.lock(run.resource)
  if (lockedBy?.run !== run.id || lockedBy.until <= clock.now()) return false
  return lockedBy.owner !== owners.self && (await owners.alive(lockedBy.owner))
}
