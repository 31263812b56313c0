import type { ApiCall } from '../playbook/api.ts'
import { type Mark, SENT_AFTER } from '../playbook/step.ts'
import { allItems } from './pages.ts'
import type { Aws, Place } from './port.ts'

/** How often the list is looked at while it may still lag behind. */
const PAUSE_MS = 1_000

/** The SDK puts a wrong clock right when it signs: AWS's times may be off from ours by anything that people set. */
const CLOCK_MARGIN_MS = 24 * 3_600_000

/** Since when a call may have been sent, and how long it is looked for. */
export interface Search {
  clock: { now(): number; sleep(ms: number): Promise<void> }
  /** ms since 1970, UTC: nothing was sent before. */
  sentAfter: number
  patienceMs: number
}

/**
 * Looks for a call that was sent earlier by the mark that it carried, before a call that is not idempotent is sent
 * again. The list may lag behind the call, so it is looked at again until `patienceMs` have passed.
 *
 * @returns the id of what the call started; undefined when no call with this mark was ever seen
 */
export async function findMark(
  aws: Aws,
  place: Place,
  mark: Mark,
  value: string,
  { clock, sentAfter, patienceMs }: Search,
): Promise<string | undefined> {
  const end = clock.now() + patienceMs
  const find = since(mark.find, sentAfter - CLOCK_MARGIN_MS)
  for (;;) {
    const items = await allItems(
      (where, call) => aws.send(where, call),
      aws.services,
      place,
      find,
      mark.items,
    )
    const found = (items as Record<string, unknown>[]).find((item) => item[mark.field] === value)
    if (found) return String(found[mark.id])
    const left = end - clock.now()
    if (left <= 0) return undefined
    await clock.sleep(Math.min(PAUSE_MS, left))
  }
}

/** The list from a time on, in whole seconds: Systems Manager documents no fractions. */
function since(find: ApiCall, ms: number): ApiCall {
  const time = () => `${new Date(ms).toISOString().slice(0, 19)}Z`
  const filled = JSON.stringify(find, (_key, value) => (value === SENT_AFTER ? time() : value))
  return JSON.parse(filled) as ApiCall
}
