/**
 * One tolerant reader for the dates that detectors write: ISO 8601 with and without zone, `2025-02-25 20:40:06.721`,
 * `Wed Sep 04 16:59:44.356 UTC 2024` and `Mar 20, 2023, 6:08:05 PM` (Inspector), RFC 1123 (Health), epoch seconds or
 * milliseconds as number or text. A date without a zone is UTC.
 * @returns ISO 8601 in UTC with milliseconds, or undefined when it is not a date
 */
export function isoTime(value: unknown): string | undefined {
  const exact = typeof value === 'string' ? EXACT.exec(value) : null
  if (exact !== null) return exact[1] === undefined ? `${exact[0].slice(0, -1)}.000Z` : exact[0]
  const ms =
    typeof value === 'number' ? epoch(value) : typeof value === 'string' ? written(value.trim()) : Number.NaN
  return ms >= 0 && ms < YEAR_10000 ? new Date(ms).toISOString() : undefined
}

/** From there on ISO texts get a sign and no longer sort as text. */
const YEAR_10000 = Date.UTC(10_000, 0, 1)
/** Fewer is seconds (until the year 5138), more is milliseconds (since March 1973). */
const SECONDS_BELOW = 1e11

/** As AWS writes most of them, on a day that every month has: nothing is left to work out. */
const EXACT = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(\.\d{3})?Z$/
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/i
/** What the engine's own lenient parser may read: it takes almost any text that holds a number for a date. */
const MONTH_YEAR_TIME =
  /^(?=.*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)(?=.*\b\d{4}\b).*\d:\d\d/i
const ZONE = /\b(?:UTC|GMT|Z)\b|[+-]\d\d:?\d\d$/

function epoch(value: number): number {
  return value < SECONDS_BELOW ? value * 1000 : value
}

function written(value: string): number {
  if (/^\d{9,}(?:\.\d+)?$/.test(value)) return epoch(Number(value))
  const iso = ISO.exec(value)
  if (iso !== null) {
    const [, day, time = '00:00', zone = 'Z'] = iso
    return Date.parse(`${day}T${time}${zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  }
  if (!MONTH_YEAR_TIME.test(value)) return Number.NaN
  return Date.parse(ZONE.test(value) ? value : `${value} UTC`)
}
