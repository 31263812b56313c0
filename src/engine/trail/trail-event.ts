import { BadEvent } from '../../findings/bad-event.ts'
import { at, text } from '../../findings/fields.ts'
import { isFields } from '../../findings/json-object.ts'
import { outcome } from '../../findings/sources/cloudtrail/outcome.ts'

/** A call that changed something, and was neither refused nor the engine's own, as CloudTrail has it. */
export interface TrailEvent {
  /** `AuthorizeSecurityGroupIngress` */
  name: string
  /** ISO 8601, UTC. */
  at: string
  /** Who: an ARN, else what else tells the caller. */
  by: string
  /** The service of AWS that called on somebody's behalf: `cloudformation.amazonaws.com`. */
  via?: string
  /** What was asked for, as the service has it recorded. */
  request: unknown
}

/**
 * An event of `LookupEvents` by its `CloudTrailEvent`, which is the record as JSON
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html). Pure.
 * @returns undefined for one that changed nothing, that is the engine's own, or that is not understood
 */
export function trailEvent(record: string): TrailEvent | undefined {
  const body = parsed(record)
  if (!isFields(body)) return undefined
  const name = text(body, 'eventName')
  const moment = Date.parse(text(body, 'eventTime') ?? '')
  const by = callerOf(body)
  if (name === undefined || by === undefined || Number.isNaN(moment) || !changed(body)) return undefined
  const via = text(body, 'userIdentity.invokedBy')
  return {
    name,
    at: new Date(moment).toISOString(),
    by,
    ...(via !== undefined && via !== by && { via }),
    request: at(body, 'requestParameters') ?? null,
  }
}

function parsed(record: string): unknown {
  try {
    return JSON.parse(record)
  } catch (error) {
    // What is not understood tells nothing; it is not ours to reject.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function changed(body: Record<string, unknown>): boolean {
  try {
    return outcome(body) === 'active'
  } catch (error) {
    if (error instanceof BadEvent) return false
    throw error
  }
}

const callerOf = (body: Record<string, unknown>): string | undefined =>
  text(body, 'userIdentity.arn') ??
  text(body, 'userIdentity.userName') ??
  text(body, 'userIdentity.invokedBy') ??
  text(body, 'userIdentity.principalId')

/** For a person: `arn:aws:iam::…:user/ann (CreateTags, 2026-11-30T09:00:00.000Z)`. */
export function trailText({ by, via, name, at: when }: TrailEvent): string {
  return `${by}${via === undefined ? '' : ` by way of ${via}`} (${name}, ${when})`
}

export const latestFirst = (a: TrailEvent, b: TrailEvent): number => b.at.localeCompare(a.at)

/** How deep a request is looked into; services nest a handful of levels. */
const DEEPEST = 12

/** Whether a request names something: as a text, or as a key. Services record tags as lists, as maps, in their own case. */
export function names(request: unknown, wanted: string, depth = 0): boolean {
  if (typeof request === 'string') return request === wanted
  if (typeof request !== 'object' || request === null || depth > DEEPEST) return false
  return Object.entries(request).some(
    ([key, value]) => (key === wanted && !Array.isArray(request)) || names(value, wanted, depth + 1),
  )
}
