import type { Step } from '../playbook/plan.ts'
import { allItems } from './pages.ts'
import type { Aws, Place } from './port.ts'

/** How often the list is looked at while it may still lag behind. */
const PAUSE_MS = 1_000

/**
 * Looks for a call that was sent earlier by the mark that it carried, before a call that is not idempotent is sent
 * again. The list may lag behind the call, so it is looked at again until `patienceMs` have passed.
 *
 * @returns the id of what the call started; undefined when no call with this mark was ever seen
 */
export async function findMark(
  aws: Aws,
  place: Place,
  mark: NonNullable<Step['mark']>,
  value: string,
  { clock, patienceMs }: { clock: { now(): number; sleep(ms: number): Promise<void> }; patienceMs: number },
): Promise<string | undefined> {
  const end = clock.now() + patienceMs
  for (;;) {
    const items = await allItems((where, call) => aws.send(where, call), place, mark.find, mark.items)
    const found = (items as Record<string, unknown>[]).find((item) => item[mark.field] === value)
    if (found) return String(found[mark.id])
    const left = end - clock.now()
    if (left <= 0) return undefined
    await clock.sleep(Math.min(PAUSE_MS, left))
  }
}
