import { BadRequest } from '../../engine/refusals.ts'
import { lastMoment, NO_LAST_MOMENT } from '../../policy/exemptions/last-moment.ts'
import { BadDuration, durationMs, parseDuration } from '../../policy/written-durations.ts'

/**
 * Until when, ISO 8601 UTC, as a person writes it: a date, which counts to its end in UTC, a time with its zone, or how
 * long from now.
 *
 * @param now ms since 1970, UTC
 * @throws BadRequest('usage') for what is none of these, and for a moment that is over
 */
export function exemptedUntil(text: string, now: number): string {
  const until = lastMoment(text.trim()) ?? fromNow(text.trim(), now)
  if (Date.parse(until) > now) return until
  throw new BadRequest('usage', `--until "${text}" is over: an exemption ends later`)
}

function fromNow(text: string, now: number): string {
  // A day that no calendar has is no duration either.
  if (/^\d{4}-/.test(text)) throw new BadRequest('usage', `--until "${text}" ${NO_LAST_MOMENT}`)
  try {
    return new Date(now + durationMs(parseDuration(text))).toISOString()
  } catch (error) {
    if (!(error instanceof BadDuration)) throw error
    const message = `--until: ${error.message}, or a date (2027-01-31) or a time with its zone`
    throw new BadRequest('usage', message, { cause: error })
  }
}
