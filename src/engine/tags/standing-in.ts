import type { Inspection, Tags } from '../../playbook/playbook.ts'
import { calledPlace, furtherPlaces } from '../../policy/conditions/tag-places.ts'
import type { StandsIn } from '../../policy/rules.ts'
import type { Drive } from '../drive/drive.ts'
import type { AccountPlace } from '../ports.ts'
import { bagsOf, isUnreadable, type StandingIn } from './live-tags.ts'
import type { PlaceTags } from './tagged-places.ts'

/** Asks what the resource of a look stands in. Where its own tags were not read, nothing more is asked. */
export async function askedPlaces(
  { policy, ports, place }: Drive,
  { tags, vpc }: Pick<Inspection<unknown>, 'tags' | 'vpc'>,
  account?: AccountPlace,
): Promise<StandingIn> {
  const places = furtherPlaces(policy)
  const isUnread = tags === undefined || (isUnreadable(tags) && !tags.onlyIfAsked)
  if (isUnread) return {}
  const bags = bagsOf(tags)
  const asked = bags.map(async (bag) => {
    const stack = bag === 'unread' ? undefined : stackIn(bag)
    const [ofVpc, ofStack] = await Promise.all([
      // Of several resources nobody has said which VPC is whose.
      places.includes('vpc') && vpc !== undefined && bags.length === 1
        ? (ports.taggedPlaces?.vpc(place, vpc) ?? NOBODY_TELLS)
        : NO_PLACE,
      places.includes('stack') && stack !== undefined
        ? (ports.taggedPlaces?.stack(place, stack) ?? NOBODY_TELLS)
        : NO_PLACE,
    ])
    return { vpc: ofVpc, stack: ofStack, account: accountTags(account) }
  })
  const answers = await Promise.all(asked)
  const unread = answers.flatMap((answer) =>
    places.flatMap((each) => {
      const tagsThere = answer[each]
      return 'unreadable' in tagsThere
        ? [`tags of ${calledPlace(each)} unreadable: ${tagsThere.unreadable}`]
        : []
    }),
  )
  return {
    standsIn: answers.map(
      (answer): StandsIn => ({
        vpc: read(answer.vpc),
        stack: read(answer.stack),
        account: read(answer.account),
      }),
    ),
    unreadPlaces: [...new Set(unread)],
  }
}

const NO_PLACE: PlaceTags = { tags: null }
const NOBODY_TELLS: PlaceTags = { unreadable: 'nothing here can read them' }

const read = (answer: PlaceTags): Tags | 'unread' | null => ('tags' in answer ? answer.tags : 'unread')

/** The id of the stack by which CloudFormation made a resource; where only its name is tagged, that. */
const stackIn = (tags: Tags): string | undefined =>
  tags['aws:cloudformation:stack-id'] ?? tags['aws:cloudformation:stack-name']

function accountTags({ tags, unreadable = 'not read' }: AccountPlace = NOT_ASKED): PlaceTags {
  return tags === 'unread' ? { unreadable } : { tags }
}

const NOT_ASKED: AccountPlace = { path: 'unread', tags: 'unread' }
