/** Times on the clocks of a time zone, which are put forward and back. Pure. */

/** Further apart than a clock is ever put at once (Samoa left out a day). */
const DAY_MS = 86_400_000

/** Whether a zone is one of the IANA database; abbreviations and offsets know no summer time. */
export function isZone(zone: string): boolean {
  try {
    clockOf(zone)
    return /^[A-Za-z]/.test(zone)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * What a clock in the zone shows at a moment, as ms since 1970 of a clock that is never put. Throws `RangeError` for an
 * unknown zone.
 */
export function wallTime(zone: string, utc: number): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of clockOf(zone).formatToParts(utc)) parts[type] = Number(value)
  const { year = 0, month = 1, day, hour, minute, second } = parts
  const ms = utc - Math.floor(utc / 1_000) * 1_000
  return Date.UTC(year, month - 1, day, hour, minute, second, ms)
}

/** The first moment at which a clock in the zone shows this time, or the moment at which it is put past it. */
export function firstAt(zone: string, wall: number): number {
  const candidates = momentsOf(zone, wall)
  return candidates.length > 0 ? Math.min(...candidates) : skippedAt(zone, wall)
}

/** The moment before which a clock in the zone shows an earlier time for the last time. */
export function lastBefore(zone: string, wall: number): number {
  const candidates = momentsOf(zone, wall - 1)
  return candidates.length > 0 ? Math.max(...candidates) + 1 : skippedAt(zone, wall - 1)
}

/** The moments at which the clock shows a time: none where it is skipped, two where it is shown again. */
function momentsOf(zone: string, wall: number): number[] {
  return candidatesFor(zone, wall).filter((utc) => wallTime(zone, utc) === wall)
}

/** The moments by the clock as it goes a day before and a day after. */
function candidatesFor(zone: string, wall: number): number[] {
  return [wall - DAY_MS, wall + DAY_MS].map((near) => wall - (wallTime(zone, near) - near))
}

/** When the clock is put past a time that it never shows. */
function skippedAt(zone: string, wall: number): number {
  const candidates = candidatesFor(zone, wall)
  let [before, after] = [Math.min(...candidates), Math.max(...candidates)]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (wallTime(zone, middle) < wall) before = middle
    else after = middle
  }
  return after
}

/** Making one takes longer than hundreds of questions to it. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  clocks.set(timeZone, clock)
  return clock
}
