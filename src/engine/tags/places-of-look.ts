import type { Inspection } from '../../playbook/playbook.ts'
import { furtherPlaces } from '../../policy/conditions/tag-places.ts'
import type { Drive } from '../drive/drive.ts'
import type { AccountPlace } from '../ports.ts'
import type { StandingIn } from './live-tags.ts'

/** Asks what the resource of a look stands in, where the policy goes by that: how is loaded with the first. */
export async function standingIn(
  drive: Drive,
  seen: Pick<Inspection<unknown>, 'tags' | 'vpc'>,
  account?: AccountPlace,
): Promise<StandingIn> {
  if (furtherPlaces(drive.policy).length === 0) return {}
  const { askedPlaces } = await import('./standing-in.ts')
  return askedPlaces(drive, seen, account)
}
