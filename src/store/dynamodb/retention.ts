/** When items leave the table by themselves: `expires`, in epoch seconds. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Run } from '../../run/run.ts'

const DAY_MS = 24 * 3600 * 1000

/** Days for which a closed run is kept unless something else is asked for. */
export const RETENTION_DAYS = 90

/** A run to which holds point is kept for so long after their end: as a message that nobody could carry out is. */
const AFTER_HOLDS_MS = 14 * DAY_MS

/**
 * A run goes so many days after its end, but not while it lets its key rest; undefined: it has not ended.
 * @param until when the last of the holds ends that point to it, ms since 1970, UTC
 */
export function expiryOfRun(run: Run, days: number, until = 0): AttributeValue | undefined {
  if (run.state !== 'closed') return undefined
  const ended = Date.parse(run.endedAt ?? run.startedAt)
  return seconds(Math.max(ended + days * DAY_MS, until + AFTER_HOLDS_MS, restsUntil(run)))
}

/** Whether a run that goes at `expires` (epoch seconds) is there when holds that end at `until` (ms) need it. */
export function keptLongEnough(expires: number, until: number): boolean {
  return expires * 1000 >= until + AFTER_HOLDS_MS
}

/** For a run that would go too early: so many days more than are needed, so that not every hold moves it. */
export function expiryWithHolds(until: number, days: number): AttributeValue {
  return seconds(until + AFTER_HOLDS_MS + days * DAY_MS)
}

/**
 * What belongs to a run (commits, findings, the pointer to it, the lock that it freed) is written before its end is
 * known, and going by itself it needs no write at the end: it gets as long again as a run that ends at once.
 */
export function expiryOfPart(run: Run, days: number): AttributeValue {
  return seconds(Date.parse(run.startedAt) + 2 * days * DAY_MS)
}

/** The pointer to a run that lets its key rest is needed as long; `outlasts`: longer than what belongs to a run is kept. */
export function expiryOfPointer(run: Run, days: number): { expires: AttributeValue; outlasts: boolean } {
  const part = Date.parse(run.startedAt) + 2 * days * DAY_MS
  return { expires: seconds(Math.max(part, restsUntil(run))), outlasts: restsUntil(run) > part }
}

/** So many days after `at` (ms), in epoch seconds. */
export function secondsAfter(at: number, days: number): number {
  return Math.ceil((at + days * DAY_MS) / 1000)
}

function restsUntil({ restUntil }: Run): number {
  return restUntil === undefined ? 0 : Date.parse(restUntil)
}

function seconds(at: number): AttributeValue {
  return { N: String(secondsAfter(at, 0)) }
}
