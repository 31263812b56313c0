import type { Place } from '../../aws/port.ts'
import type { LookedUp, Trail } from './trail.ts'
import { latestFirst, type TrailEvent } from './trail-event.ts'

/**
 * What CloudTrail has of a resource by its id, and where nothing of that is what is looked for, by its ARN as well: which of
 * them an event carries is up to the service, and to the call (`TagResource` of KMS has the ARN, `ScheduleKeyDeletion` the
 * id). Never rejects for what AWS answers.
 */
export async function byEitherName(
  trail: Trail,
  at: Place,
  { arn, id }: { arn: string; id: string },
  isWanted: (event: TrailEvent) => boolean,
  since?: number,
): Promise<LookedUp> {
  const byId = await trail(at, { arn, name: id }, since)
  if ('silent' in byId || arn === id || byId.events.some(isWanted)) return byId
  const byArn = await trail(at, { arn, name: arn }, since)
  if ('silent' in byArn)
    return byId.events.length > 0 ? { ...byId, more: byId.more ?? `by its ARN: ${byArn.silent}` } : byArn
  // What is recorded under both names is the same in both; two calls of one second differ in what they asked for.
  const all = new Map([...byId.events, ...byArn.events].map((event) => [JSON.stringify(event), event]))
  const more = byId.more ?? byArn.more
  return { events: [...all.values()].sort(latestFirst), ...(more !== undefined && { more }) }
}
