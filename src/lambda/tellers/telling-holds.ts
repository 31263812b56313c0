import type { HeldTogether } from '../../engine/rails/held-now.ts'
import { isFields } from '../../findings/json-object.ts'
import type { RunStore } from '../../run/store.ts'
import { holdNotices } from './hold-notice.ts'
import { inEveryWay } from './in-every-way.ts'
import type { Teller } from './teller.ts'

/** Under what it is remembered of which holds people have been told. */
const BOOKMARK = 'holds told'
/** A hold that lasts is told again after this (ms). */
const TOLD_AGAIN_MS = 24 * 3_600_000
/** One that comes back within this is the same (ms): a limit that is used up again and again. */
const SAME_MS = 3_600_000

/** When a hold was told last, and when it was seen last; ms since 1970, UTC. */
type Told = Record<string, { at: number; seen: number }>

/**
 * Tells people of each hold that is new, once, with the number of runs that it holds; and of one that lasts once a day.
 * At least once: told first, remembered after.
 * @param stack name of the deployment, for the commands that are proposed
 * @returns how many notices were given
 */
export async function tellHolds(
  {
    store,
    now,
    tellers,
    stack,
  }: {
    store: Pick<RunStore, 'bookmark' | 'setBookmark'>
    /** ms since 1970, UTC. */
    now: number
    tellers: readonly Teller[]
    stack?: string
  },
  holds: readonly HeldTogether[],
): Promise<number> {
  const before = toldIn(await store.bookmark(BOOKMARK))
  const due = holds.filter(({ key }) => now - (before[key]?.at ?? Number.NEGATIVE_INFINITY) >= TOLD_AGAIN_MS)
  const notices = holdNotices(due, stack)
  await inEveryWay(notices.flatMap((notice) => tellers.map((teller) => teller.tell(notice))))
  const isDue = new Set(due.map(({ key }) => key))
  const lately = Object.entries(before).filter(([, { seen }]) => now - seen < SAME_MS)
  const after: Told = Object.fromEntries([
    ...lately,
    ...holds.map(({ key }) => [key, { at: isDue.has(key) ? now : before[key]!.at, seen: now }]),
  ])
  if (Object.keys(before).length > 0 || holds.length > 0) await store.setBookmark(BOOKMARK, after)
  return notices.length
}

/** What is stored is of another build where it is not understood: then everything is told once more. */
function toldIn(stored: unknown): Told {
  if (!isFields(stored)) return {}
  const known = Object.entries(stored).filter(
    ([, one]) => isFields(one) && Number.isFinite(one.at) && Number.isFinite(one.seen),
  )
  return Object.fromEntries(known) as Told
}
