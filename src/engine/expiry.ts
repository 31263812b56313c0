import type { Run } from '../store/run.ts'
import type { EnginePorts } from './engine.ts'
import { expire } from './undo-run.ts'

/**
 * Takes out the time-boxed entries whose last holder has ended: one undo run per run that put them there. Entries in
 * other accounts than the caller's are left for whoever has credentials for them.
 */
export async function expireHolds(ports: EnginePorts): Promise<Run[]> {
  const now = ports.clock.now()
  const due = await ports.store.holdsDue(now)
  const over = new Map<string, Set<string>>()
  for (const { resource, entry } of due) {
    const holders = await ports.store.holds(resource, [entry])
    if (holders.length === 0 || holders.some(({ until }) => until > now)) continue
    const { madeBy } = holders[0]!
    over.set(madeBy, (over.get(madeBy) ?? new Set()).add(entry))
  }
  if (over.size === 0) return []
  const runs: Run[] = []
  for (const [madeBy, entries] of over) {
    const original = await ports.store.get(madeBy)
    if (!original) {
      ports.progress?.({
        kind: 'warning',
        message: `entries of run ${madeBy} are over, but the run is not in this store`,
      })
    } else if (await ports.aws.reaches(original.account)) {
      if (ports.waker) await ports.waker.expire(original, [...entries])
      else runs.push(await expire(ports, original, [...entries]))
    }
  }
  return runs
}
