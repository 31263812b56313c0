import * as z from 'zod/mini'
import { durationSeconds, isoDuration, WRITTEN_DURATION } from './durations.ts'

/** A parameter that is a duration longer than nothing; comes out as ISO 8601. */
export const durationParameter = z.string().check(
  z.regex(WRITTEN_DURATION, 'a duration such as 30m, 24h, 7d or PT24H'),
  z.refine((text) => durationSeconds(text) > 0, 'longer than nothing'),
  z.overwrite((text) => isoDuration(text) ?? text),
)
