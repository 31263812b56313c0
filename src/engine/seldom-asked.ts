import type { Aws, Place } from '../aws/port.ts'
import { accountPlaces } from './account-places.ts'
import type { Clock } from './clock.ts'
import type { EnginePorts } from './ports.ts'
import { taggedPlaces } from './tags/tagged-places.ts'
import { trailOf } from './trail/trail.ts'

export type SeldomAsked = Required<Pick<EnginePorts, 'organization' | 'taggedPlaces' | 'trail'>>

/**
 * What few policies and few runs ask for, remembered for as long as the process: where accounts stand, tags of what
 * resources stand in, who changed a resource.
 * @param home the account that asks for the organisation, and a region of its partition
 */
export function seldomAsked(aws: Aws, home: () => Promise<Place>, clock: Pick<Clock, 'now'>): SeldomAsked {
  return {
    organization: accountPlaces(aws, home, clock),
    taggedPlaces: taggedPlaces(aws, clock),
    trail: trailOf(aws, clock),
  }
}
