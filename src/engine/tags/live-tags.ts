import type { LiveTags, Tags } from '../../playbook/playbook.ts'
import type { StandsIn } from '../../policy/rules.ts'

/** What the resource stands in, with the tags of that, as far as the policy goes by them. */
export interface StandingIn {
  /** For each bag of tags that is asked about (`bagsOf`); absent where the policy goes by the resource alone. */
  standsIn?: readonly StandsIn[]
  /** `tags of its VPC unreadable: …`, of each place that could not be read. */
  unreadPlaces?: readonly string[]
}

/** Whether these are no tags, but why there are none to go by. */
export function isUnreadable(tags: LiveTags): tags is Extract<LiveTags, { onlyIfAsked: boolean }> {
  return !Array.isArray(tags) && typeof tags.onlyIfAsked === 'boolean'
}

/** The bags of tags that are each asked about; a list without any tells nothing. */
export function bagsOf(tags: LiveTags | undefined): (Tags | 'unread')[] {
  if (tags === undefined || isUnreadable(tags)) return ['unread']
  if (!Array.isArray(tags)) return [tags]
  return tags.length > 0 ? tags : ['unread']
}
