/** When items leave the table by themselves: `expires`, in epoch seconds. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Run } from './run.ts'

const DAY_MS = 24 * 3600 * 1000

/** Days for which a closed run is kept unless something else is asked for. */
export const RETENTION_DAYS = 90

/** A run goes so many days after its end; undefined: it has not ended. */
export function expiryOfRun(run: Run, days: number): AttributeValue | undefined {
  return run.state === 'closed' ? seconds(run.endedAt ?? run.startedAt, days) : undefined
}

/**
 * What belongs to a run (commits, findings, the pointer to it, the lock that it freed) is written before its end is
 * known, and going by itself it needs no write at the end: it gets as long again as a run that ends at once.
 */
export function expiryOfPart(run: Run, days: number): AttributeValue {
  return seconds(run.startedAt, 2 * days)
}

function seconds(from: string, days: number): AttributeValue {
  return { N: String(Math.ceil((Date.parse(from) + days * DAY_MS) / 1000)) }
}
