import type { Aws } from '../../aws/port.ts'
import { withMembers } from '../../aws/roles.ts'
import type { Listing } from '../../engine/asking/detector-listing.ts'
import type { WireCount } from '../../engine/rehearsing/wire-count.ts'
import { type FromDetectors, type MemberRoles, MOST_CALLS, placesAsked } from '../input/from-detectors.ts'
import { openMembers } from '../program/context.ts'
import type { Invocation } from '../program/invocation.ts'
import { CALLS_AT_ONCE } from './rehearse-all.ts'

/** As member-role.yaml names them by default. */
const USUAL_READ_ROLE = 'RectifyRead'
const USUAL_CHANGE_ROLE = 'RectifyChange'

/** Which detectors are asked in which accounts, and AWS that reaches these. */
export interface WhomToAsk {
  aws: Aws
  listing: Listing
  /** Accounts of the unit that are not open. */
  closed: string[]
}

/**
 * Finds out whom to ask, and opens the way into their accounts: by the caller's own credentials into the caller's, by the
 * roles of members into others. Whether these can be entered shows when they are.
 * @throws BadRequest where the accounts of a unit cannot be listed
 */
export async function whomToAsk(
  invocation: Invocation,
  own: Aws,
  options: FromDetectors & MemberRoles,
  wire: WireCount,
): Promise<WhomToAsk> {
  const { from = [], since, calls = MOST_CALLS } = options
  const { places, closed } = await placesAsked(invocation, own, options)
  const { account, partition } = await own.identity()
  const others = places.map((place) => place.account).filter((each) => each !== account)
  const listing: Listing = { detectors: from, places, calls, ...(since && { since: since.at }) }
  if (others.length === 0) return { aws: own, listing, closed }
  const { env } = invocation
  const readRole = options.readRole ?? (env.RECTIFY_MEMBER_READ_ROLE || USUAL_READ_ROLE)
  const changeRole = options.changeRole ?? (env.RECTIFY_MEMBER_CHANGE_ROLE || USUAL_CHANGE_ROLE)
  const externalId = options.externalId ?? (env.RECTIFY_EXTERNAL_ID || undefined)
  const roles = {
    roleFor: (member: string, phase: 'read' | 'change') =>
      `arn:${partition}:iam::${member}:role/${phase === 'read' ? readRole : changeRole}`,
    concurrency: CALLS_AT_ONCE,
    ...(externalId !== undefined && { externalId }),
  }
  const members = await openMembers(invocation, roles, wire)
  return { aws: withMembers(own, account, members, others), listing, closed }
}
