import { dueAt, makerOf } from '../../store/time-boxes.ts'
import type { EnginePorts } from '../ports.ts'
import { expire } from './undo-run.ts'

/** What a message asks for: some of it may have been taken out, held again or put off since it was sent. */
export async function expireOf(ports: EnginePorts, maker: string, entries: string[]): Promise<void> {
  const original = await ports.store.get(maker)
  const over = original && (await overIn(ports, original.resource, entries)).get(maker)
  if (original && over) await expire(ports, original, over)
}

/** Those of these entries of a set whose last holder has ended and that are not put off, by the run that put them there. */
export async function overIn(
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
