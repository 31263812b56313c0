import { missing } from '../bad-event.ts'
import { isoTime } from '../dates.ts'
import { at } from '../fields.ts'
import type { Fields } from '../json-object.ts'
import type { Told } from '../wrapping.ts'

/**
 * When a finding was as it says: the first time in the body that can be read, else what the envelope said.
 * @param paths dotted paths, best first; the first is the one to blame
 * @throws BadEvent `missingField` when there is none
 */
export function observed(body: Fields, told: Told, ...paths: string[]): string {
  for (const path of paths) {
    const time = isoTime(at(body, path))
    if (time !== undefined) return time
  }
  const time = isoTime(told.time)
  if (time !== undefined) return time
  const blame = paths[0] ?? 'time'
  throw missing(blame, `${blame} is missing or not a date, and no other time is known`)
}
