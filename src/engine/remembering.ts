import type { Clock } from './clock.ts'

/** How long it is believed that nothing can be read (ms): long enough for a storm, short enough to be mended. */
const UNREAD_BELIEVED_MS = 60_000
/** Most answers that are remembered; the oldest go. */
const MOST_REMEMBERED = 5_000

interface Remembered<T> {
  answer: Promise<T>
  /** ms since 1970, UTC. */
  until: number
}

/** Gives what is remembered under a key; else asks, once for all who want to know it meanwhile. */
export type Remembering<T> = (key: string, ask: () => Promise<T>) => Promise<T>

/** When an answer is not to be believed any more, ms since 1970, UTC; it was given at `now`. */
export type Believed<T> = (answer: T, now: number) => number

/** One that could not be read, for a minute; any other for as long as it is believed at all. */
export const unreadShortly =
  <T>(isUnread: (answer: T) => boolean): Believed<T> =>
  (answer, now) =>
    isUnread(answer) ? now + UNREAD_BELIEVED_MS : Number.POSITIVE_INFINITY

/**
 * A memory of what AWS was asked, for as long as the process.
 * @param believedMs how long an answer is believed at most; a failure, not at all
 */
export function remembering<T>(
  clock: Pick<Clock, 'now'>,
  believedMs: number,
  until: Believed<T>,
): Remembering<T> {
  const all = new Map<string, Remembered<T>>()
  return async (key, ask) => {
    const known = all.get(key)
    if (known && clock.now() < known.until) return known.answer
    const entry: Remembered<T> = { answer: ask(), until: clock.now() + believedMs }
    all.delete(key)
    all.set(key, entry)
    const oldest = all.keys().next()
    if (all.size > MOST_REMEMBERED && !oldest.done) all.delete(oldest.value)
    try {
      const answer = await entry.answer
      entry.until = Math.min(entry.until, until(answer, clock.now()))
      return answer
    } catch (error) {
      entry.until = 0
      throw error
    }
  }
}
