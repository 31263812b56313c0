import type { Aws, Place } from '../../aws/port.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Permission } from '../../playbook/permissions.ts'
import type { Clock } from '../clock.ts'
import { remembering } from '../remembering.ts'
import { latestFirst, type TrailEvent, trailEvent } from './trail-event.ts'

/** All that is asked of CloudTrail. */
export const TRAIL_NEEDS: readonly Permission[] = [{ action: 'cloudtrail:LookupEvents', resource: '*' }]

/** Changes of a resource, the latest first, and why there may be more of them; or why CloudTrail does not tell. */
export type LookedUp = { events: readonly TrailEvent[]; more?: string } | { silent: string }

/**
 * Tells who changed a resource lately, as CloudTrail has it: for a person to read, never to decide by. Never rejects for
 * what AWS answers.
 * @param name of the resource in CloudTrail's words: mostly its id
 * @param since ms since 1970, UTC; left out, all of the 90 days that CloudTrail keeps
 */
export type Trail = (at: Place, about: { arn: string; name: string }, since?: number) => Promise<LookedUp>

/** How long an answer is believed (ms). An event shows up some minutes after its call; whoever waits does not wait for it. */
const BELIEVED_MS = 10 * 60_000
/** How long it is believed that a caller may not ask (ms). */
const DENIED_MS = 10 * 60_000
/** One answer holds so many events, the latest ones: further pages are not read. */
const MOST_EVENTS = 50

/**
 * Looks events up by the name of their resource. CloudTrail keeps management events for 90 days, takes two look-ups a second
 * per account and region, and refuses more
 * (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html); an event is there within 15 minutes
 * of its call (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html). So nobody waits here for
 * a turn: what is one look-up too many is not made, and who is refused is not asked again for a while.
 */
export function trailOf(aws: Pick<Aws, 'send'>, clock: Pick<Clock, 'now'>): Trail {
  const remembered = remembering<LookedUp>(clock, BELIEVED_MS, (answer) =>
    // What was one too many, or failed, may be asked for by the next run.
    'silent' in answer ? 0 : Number.POSITIVE_INFINITY,
  )
  const denied = new Map<string, { until: number; why: string }>()
  const mayAsk = paced(clock)

  return async (given, { arn, name }, since) => {
    const at = { ...given, region: await regionOf(arn, given) }
    const where = `${at.account} ${at.region}`
    return remembered(`${where} ${name} ${since ?? ''}`, async () => {
      const refused = denied.get(where)
      if (refused && clock.now() < refused.until) return { silent: refused.why }
      if (!mayAsk(where)) return { silent: 'it takes two look-ups a second, and others were under way' }
      try {
        return await lookedUp(aws, at, name, since)
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        const why = `${error.action}: ${error.message}`
        if (error.kind === 'denied') denied.set(where, { until: clock.now() + DENIED_MS, why })
        return { silent: why }
      }
    })
  }
}

async function lookedUp(
  aws: Pick<Aws, 'send'>,
  at: Place,
  name: string,
  since: number | undefined,
): Promise<LookedUp> {
  const input = {
    LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: name }],
    MaxResults: MOST_EVENTS,
    ...(since !== undefined && { StartTime: new Date(since) }),
  }
  const call = { service: 'cloudtrail', operation: 'LookupEvents', input } as const
  const { Events = [], NextToken } = (await aws.send(at, call, { attempts: 1 })) as {
    Events?: { CloudTrailEvent?: string }[]
    NextToken?: string
  }
  const events = Events.flatMap(({ CloudTrailEvent = '' }) => trailEvent(CloudTrailEvent) ?? [])
  return {
    events: events.sort(latestFirst),
    ...(NextToken && { more: `only the latest ${Events.length} of its events were read` }),
  }
}

/** Services without regions have their events in one region of the partition. */
const GLOBAL = ['iam', 'cloudfront', 'route53', 'organizations']

async function regionOf(arn: string, { region, partition }: Place): Promise<string> {
  if (!GLOBAL.includes(arn.split(':')[2] ?? '')) return region
  const { regionIn } = await import('../../aws/sts-region.ts')
  return regionIn(partition)
}

/** Says whether a look-up may begin: two within a second, for each account and region. */
function paced(clock: Pick<Clock, 'now'>): (where: string) => boolean {
  const begun = new Map<string, readonly number[]>()
  return (where) => {
    const now = clock.now()
    const lately = (begun.get(where) ?? []).filter((at) => now - at < 1_000)
    if (lately.length >= 2) return false
    begun.set(where, [...lately, now])
    return true
  }
}
