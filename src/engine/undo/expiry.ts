import type { Run } from '../../run/run.ts'
import { dueAt, makerOf } from '../../store/time-boxes.ts'
import type { EnginePorts } from '../ports.ts'
import { expire } from './undo-run.ts'

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

/** What a message asks for: some of it may have been taken out, held again or put off since it was sent. */
export async function expireOf(ports: EnginePorts, maker: string, entries: string[]): Promise<void> {
  const original = await ports.store.get(maker)
  const over = original && (await overIn(ports, original.resource, entries)).get(maker)
  if (original && over) await expire(ports, original, over)
}

/** Those of these entries of a set whose last holder has ended and that are not put off, by the run that put them there. */
async function overIn(
  { store, clock }: EnginePorts,
  resource: string,
  entries: string[],
): Promise<Map<string, string[]>> {
  const now = clock.now()
  const over = new Map<string, string[]>()
  for (const [entry, holders] of Map.groupBy(
    await store.timeBoxes(resource, entries),
    (timeBox) => timeBox.entry,
  )) {
    const maker = makerOf(holders)
    if (maker === undefined || holders.some((timeBox) => dueAt(timeBox) > now)) continue
    const ofMaker = over.get(maker)
    if (ofMaker) ofMaker.push(entry)
    else over.set(maker, [entry])
  }
  return over
}
