import type { Run } from '../../run/run.ts'
import type { Lock, Owners } from '../../run/store.ts'
import type { EnginePorts } from '../ports.ts'

/** Who holds locks where nothing tells whether another process still lives: its lease does, by its end. */
export function leaseOwner(self: string): Owners {
  return { self, alive: async () => true, release: async () => undefined }
}

/** Whether a living process holds a lock, within its lease. */
export async function isHeld(
  { owners, clock }: Pick<EnginePorts, 'owners' | 'clock'>,
  { owner, until }: NonNullable<Lock['lockedBy']>,
): Promise<boolean> {
  return until > clock.now() && (await owners.alive(owner))
}

/** Whether a living process other than this one holds the resource for this run. */
export async function lockedByAnother(ports: EnginePorts, run: Run): Promise<boolean> {
  const { store, owners } = ports
  const { lockedBy } = await store.lock(run.resource)
  if (lockedBy?.run !== run.id || lockedBy.owner === owners.self) return false
  return isHeld(ports, lockedBy)
}
