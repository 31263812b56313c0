import type { Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'

/** Whether a living process other than this one holds the resource for this run. */
export async function heldForByAnother({ store, owners, clock }: EnginePorts, run: Run): Promise<boolean> {
  const { held } = await store.lock(run.resource)
  if (held?.run !== run.id || held.until <= clock.now()) return false
  return held.owner !== owners.self && (await owners.alive(held.owner))
}
