import { MODES, type Mode, type Tags } from '../../playbook/playbook.ts'
import type { DecidedBy } from '../../run/decided-by.ts'
import { strictest } from '../decide.ts'
import type { Ruling } from '../rules.ts'
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
 * @param tags as they were read; what is 'unread' says nothing here
 * @param now ms since 1970, UTC
 */
export function withOwnTags(ruling: Ruling, tags: Tags | 'unread', now: number): Ruling {
  if (tags === 'unread') return ruling
  const { parameters, approval } = ruling
  const said = [modeSaid(tags, ruling), exemptionSaid(tags, now)].filter((each) => each !== undefined)
  return strictest([ruling, ...said.map((each) => ({ ...each, parameters, approval }))])
}

type Said = Pick<Ruling, 'mode' | 'reason' | 'by'>

/** Under the mode of a tag the terms of approval are those of the rule. */
function modeSaid(tags: Tags, { mode: ruled, reason }: Ruling): Said | undefined {
  const value = valueIn(tags, MODE)
  if (value === undefined) return undefined
  if (!isMode(value)) return notUnderstood(MODE, value, `is none of ${MODES.join(', ')}`)
  const owner = ownerOf(tags)
  const by = owner === undefined ? '' : ` of ${owner}`
  const said = byTag(MODE, owner)
  return { mode: value, by: said, reason: `${value} by tag ${MODE}${by}, instead of ${ruled} by ${reason}` }
}

function exemptionSaid(tags: Tags, now: number): Said | undefined {
  const value = valueIn(tags, UNTIL)
  if (value === undefined) return undefined
  const until = lastMoment(value)
  if (until === undefined) return notUnderstood(UNTIL, value, NO_LAST_MOMENT)
  if (now > Date.parse(until)) return undefined
  const owner = ownerOf(tags)
  const [by, lacking] = owner === undefined ? ['', `, without ${OWNER}`] : [` by ${owner}`, '']
  const reason = `exempted${by} until ${momentText(until)}: tag ${UNTIL}${lacking}`
  return { mode: 'exempted', by: byTag(UNTIL, owner, until), reason }
}

function byTag(tag: string, owner: string | undefined, until?: string): DecidedBy {
  return {
    ...{ kind: 'tag' as const, tag },
    ...(until !== undefined && { until }),
    ...(owner !== undefined && { owner }),
  }
}

function notUnderstood(tag: string, value: string, why: string): Said {
  return {
    mode: 'blocked',
    by: { kind: 'tag', tag },
    reason: `cannot evaluate policy: tag ${tag} says ${JSON.stringify(value)}, which ${why}`,
  }
}

/** Keys of tags are case-sensitive, as AWS has them. */
function valueIn(tags: Tags, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key]!.trim() : undefined
}

function ownerOf(tags: Tags): string | undefined {
  return valueIn(tags, OWNER) || undefined
}

function isMode(value: string): value is Mode {
  return (MODES as readonly string[]).includes(value)
}
