import { durationSeconds, isoDuration } from '../playbook/duration/durations.ts'

/**
 * Durations of the policy file and the command line: written `30m`, `24h`, `7d` or ISO 8601, kept as ISO 8601.
 * A day is 24 hours, as all times are UTC; months and years differ in length and are refused.
 */

const CALENDAR = /^P[\d.,]*\d[YM]/
/** Ten years. Longer is a slip of the finger, and would leave the range in which times compare as text. */
const LONGEST_MS = 3_650 * 86_400_000

/** Text that is no duration. The message says what to write instead. */
export class BadDuration extends Error {
  constructor(text: string, problem = 'is not a duration; write 30m, 24h, 7d or ISO 8601 (PT4H)') {
    super(`"${text}" ${problem}`)
    this.name = 'BadDuration'
  }
}

/** ISO 8601 text of a duration as a person writes it. Throws `BadDuration`, also for more than ten years. */
export function parseDuration(text: string): string {
  const iso = isoDuration(text)
  if (iso === undefined && CALENDAR.test(text)) {
    throw new BadDuration(text, 'has months or years, which differ in length; write days')
  }
  if (iso === undefined) throw new BadDuration(text)
  if (durationMs(iso) > LONGEST_MS) throw new BadDuration(text, 'is longer than ten years')
  return iso
}

/** Milliseconds of a duration as `parseDuration` gives it. Throws `BadDuration`. */
export function durationMs(iso: string): number {
  const ms = durationSeconds(iso) * 1_000
  if (Number.isNaN(ms)) throw new BadDuration(iso)
  return ms
}
