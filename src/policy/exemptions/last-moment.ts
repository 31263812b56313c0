const DAY = /^\d{4}-\d{2}-\d{2}$/
const TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const END_OF_DAY = 'T23:59:59.999Z'

/** What a person writes where something ends, and does not. */
export const NO_LAST_MOMENT = 'is not a date (2027-01-31) or a time with its zone (2027-01-31T18:00Z)'

/**
 * The last moment of something, ISO 8601 UTC, as a person writes it: a date, which counts to its end in UTC, or a time
 * with its zone. Undefined for what is neither, or a day that no calendar has.
 */
export function lastMoment(text: string): string | undefined {
  if (DAY.test(text)) return isDay(text) ? `${text}${END_OF_DAY}` : undefined
  const day = TIME.exec(text)?.[1]
  return day !== undefined && isDay(day) ? new Date(text).toISOString() : undefined
}

/** The 30th of February is the 2nd of March to `Date`. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** A moment as people read it: a day is named as a day again. */
export function momentText(until: string): string {
  return until.endsWith(END_OF_DAY) ? until.slice(0, -END_OF_DAY.length) : until
}

/** People are told of an end so long before (ms). */
const SOON_MS = 7 * 24 * 3_600_000

/** Whether something ends within a week, and is not over at `now` (ms since 1970, UTC). */
export function endsSoon(until: string, now: number): boolean {
  const left = Date.parse(until) - now
  return left >= 0 && left <= SOON_MS
}
