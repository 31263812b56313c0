import { MODES, type Mode } from '../../playbook/plan.ts'
import type { DecidedBy } from '../../run/decided-by.ts'
import { type FoundTag, ofPlace, type Tagged, tagOf } from '../conditions/tag-places.ts'
import { strictest } from '../decide.ts'
import type { Ruling, TagPlace } from '../rules.ts'
import { lastMoment, momentText, NO_LAST_MOMENT } from './last-moment.ts'

const MODE = 'rectify:mode'
/** The tag that exempts its resource. */
export const UNTIL = 'rectify:exempt-until'
const OWNER = 'rectify:owner'

/** How a tag that exempts a resource reads as a reason, for runs that were stored without what they go by. */
export const TAG_SAYS = /^exempted(?: by (?<owner>.*))? until (?<until>\S+): tag rectify:exempt-until(?:, |$)/

/**
 * The policy's word on a resource, and that of the tags by which whoever owns it makes the policy stricter for it: the
 * stricter of the two, so that nobody gets a change permitted by a tag. A tag that is not understood blocks. Pure.
 * @param tagged what was not read says nothing here
 * @param now ms since 1970, UTC
 * @param places where tags are looked for; left out, on the resource
 */
export function withOwnTags(
  ruling: Ruling,
  tagged: Tagged,
  now: number,
  places?: readonly TagPlace[],
): Ruling {
  const { parameters, approval } = ruling
  const find: Find = (key) => {
    const found = tagOf(tagged, key, places)
    if (found === 'unread' || found === undefined) return undefined
    // Whose tag it is, the place says that has the tag.
    const owner = tagOf(tagged, OWNER, [found.place])
    return { ...found, owner: (typeof owner === 'object' && owner.value) || undefined }
  }
  const said = [modeSaid(find, ruling), exemptionSaid(find, now)].filter((each) => each !== undefined)
  return strictest([ruling, ...said.map((each) => ({ ...each, parameters, approval }))])
}

type Said = Pick<Ruling, 'mode' | 'reason' | 'by'>
type Find = (key: string) => Owned | undefined
/** A tag, and whose it is as the same place says. */
type Owned = FoundTag & { owner: string | undefined }

/** Under the mode of a tag the terms of approval are those of the rule. */
function modeSaid(find: Find, { mode: ruled, reason }: Ruling): Said | undefined {
  const found = find(MODE)
  if (found === undefined) return undefined
  const { value, place, owner } = found
  if (!isMode(value)) return notUnderstood(MODE, found, `is none of ${MODES.join(', ')}`)
  const whose = owner === undefined ? '' : ` of ${owner}`
  return {
    mode: value,
    by: byTag(MODE, found),
    reason: `${value} by tag ${MODE}${ofPlace(place)}${whose}, instead of ${ruled} by ${reason}`,
  }
}

function exemptionSaid(find: Find, now: number): Said | undefined {
  const found = find(UNTIL)
  if (found === undefined) return undefined
  const { value, place, owner } = found
  const until = lastMoment(value)
  if (until === undefined) return notUnderstood(UNTIL, found, NO_LAST_MOMENT)
  if (now > Date.parse(until)) return undefined
  const [whose, lacking] = owner === undefined ? ['', `, without ${OWNER}`] : [` by ${owner}`, '']
  return {
    mode: 'exempted',
    by: byTag(UNTIL, found, until),
    reason: `exempted${whose} until ${momentText(until)}: tag ${UNTIL}${ofPlace(place)}${lacking}`,
  }
}

function byTag(tag: string, { place, owner }: Owned, until?: string): DecidedBy {
  return {
    ...{ kind: 'tag' as const, tag },
    ...(place !== 'resource' && { place }),
    ...(until !== undefined && { until }),
    ...(owner !== undefined && { owner }),
  }
}

function notUnderstood(tag: string, { value, place }: FoundTag, why: string): Said {
  return {
    mode: 'blocked',
    by: byTag(tag, { value, place, owner: undefined }),
    reason: `cannot evaluate policy: tag ${tag}${ofPlace(place)} says ${JSON.stringify(value)}, which ${why}`,
  }
}

function isMode(value: string): value is Mode {
  return (MODES as readonly string[]).includes(value)
}
