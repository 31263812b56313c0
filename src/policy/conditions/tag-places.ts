import { managersOf } from '../../playbook/managed-by.ts'
import type { Tags } from '../../playbook/playbook.ts'
import type { LoadedPolicy, Policy, Subject, TagPlace } from '../rules.ts'

/** Where tags are looked for when a policy says nothing of it. */
const RESOURCE_ONLY: readonly TagPlace[] = ['resource']

/** What is told apart by tags. */
export type Tagged = Pick<Subject, 'tags' | 'hasNoTags' | 'standsIn'>

/** What a tag says, and where it was found. */
export interface FoundTag {
  place: TagPlace
  value: string
}

/** Where a policy looks for tags, from the place that counts first. */
export const tagPlacesOf = ({ tagsOf = RESOURCE_ONLY }: Pick<Policy, 'tagsOf'>): readonly TagPlace[] => tagsOf

/** The places beside the resource itself: nobody else has to read any. */
export function furtherPlaces(policy: LoadedPolicy): Exclude<TagPlace, 'resource'>[] {
  return policy.kind === 'none' ? [] : tagPlacesOf(policy.policy).filter((place) => place !== 'resource')
}

/**
 * The tag with a key: of the first place that has one. A place that was not read might have it, so what comes after that
 * place does not count. Pure.
 * @returns undefined where no place has one
 */
export function tagOf(
  { tags, hasNoTags, standsIn = {} }: Tagged,
  key: string,
  places: readonly TagPlace[] = RESOURCE_ONLY,
): FoundTag | 'unread' | undefined {
  for (const place of places) {
    if (place === 'resource' && hasNoTags) continue
    const bag = place === 'resource' ? tags : standsIn[place]
    if (bag === 'unread' || bag === undefined) return 'unread'
    if (bag !== null && Object.hasOwn(bag, key)) return { place, value: bag[key]!.trim() }
  }
  // That a kind has no tags to show is not the same as no tag.
  return hasNoTags ? 'unread' : undefined
}

/** All bags that may have a tag that counts; 'unread' where one was not read. */
export function bagsAt(
  { tags, hasNoTags, standsIn = {} }: Tagged,
  places: readonly TagPlace[] = RESOURCE_ONLY,
): Tags[] | 'unread' {
  if (hasNoTags) return 'unread'
  const bags = places.map((place) => (place === 'resource' ? tags : standsIn[place]))
  const read = bags.filter((bag) => bag !== 'unread' && bag !== undefined)
  return read.length < bags.length ? 'unread' : read.filter((bag) => bag !== null)
}

const CALLED: Record<TagPlace, string> = {
  resource: 'the resource',
  vpc: 'its VPC',
  stack: 'its stack',
  account: 'its account',
}

/** As a person calls a place. */
export const calledPlace = (place: TagPlace): string => CALLED[place]

/** ` of its VPC`; nothing for the resource itself. */
export const ofPlace = (place: TagPlace): string => (place === 'resource' ? '' : ` of ${CALLED[place]}`)

/** Who else manages a resource: marks that tools leave on it, and on nothing that it stands in. */
export function managedKinds({ tags }: Tagged) {
  return tags === 'unread' ? tags : managersOf(tags).map(({ by }) => by)
}
