import type { Ruling } from '../../policy/rules.ts'
import type { Drive } from '../drive/drive.ts'
import { isUnreadable } from './live-tags.ts'
import type { SeenByRules } from './seen-by-rules.ts'

/** What is asked for and could not be read, and why it could not: a rule asks for it, or any may hold by a tag. */
export function whyUndecided(drive: Drive, { unread = ['tags'] }: Ruling, seen: SeenByRules): string {
  const lacking = unread.map((what) => {
    if (what === 'tags') return unreadTags(drive, seen)
    if (what === 'name') return `${drive.playbook.nameOf} unreadable`
    if (what === 'age') return 'nobody says when the finding was reported'
    if (what === 'reachable') return unreadReach(drive, seen)
    const why = seen.organization?.unreadable ?? 'not read'
    return `${what === 'ou' ? 'unit' : 'tags'} of the account unreadable: ${why}`
  })
  return `cannot evaluate policy: ${[...new Set(lacking)].join('; ')}`
}

function unreadReach({ playbook }: Drive, seen: SeenByRules): string {
  if ('reachable' in seen) return `${playbook.id} does not tell whether the resource can be reached`
  return 'whether the resource can be reached shows only in a plan, and the parameters of the rules that may decide are not the same; give these rules the same parameters'
}

function unreadTags({ playbook: { tagsOf } }: Drive, { tags, unreadPlaces = [] }: SeenByRules): string {
  if (unreadPlaces.length > 0) return unreadPlaces.join('; ')
  const why = tags !== undefined && isUnreadable(tags) ? tags.unreadable : 'the look gave none'
  return typeof tagsOf === 'string' ? `tags of ${tagsOf} unreadable: ${why}` : tagsOf.none
}
