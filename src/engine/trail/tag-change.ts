import type { DecidedBy } from '../../run/decided-by.ts'
import type { TagChange } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'
import { byEitherName } from './by-either-name.ts'
import { names, type TrailEvent } from './trail-event.ts'

const ABOUT_THE_RESOURCE = 'CloudTrail is asked about tags of the resource itself only'

/**
 * Who gave a resource the tag that exempts it or makes the policy stricter for it, by the latest event that names the key,
 * whatever the service calls it (`CreateTags`, `PutBucketTagging`, `AddTagsToResource`, the call that made the resource).
 * For the audit alone: whatever comes of it, the decision stands.
 */
export async function tagChangeOf(
  { run, ports, place }: Pick<Drive, 'run' | 'ports' | 'place'>,
  { tag, place: where }: Extract<DecidedBy, { kind: 'tag' }>,
): Promise<TagChange> {
  if (where !== undefined) return { tag, unknown: ABOUT_THE_RESOURCE }
  if (ports.trail === undefined) return { tag, unknown: 'CloudTrail does not tell: nothing here can ask it' }
  const about = { arn: run.resource, id: run.target.id }
  const namesTag = ({ request }: TrailEvent) => names(request, tag)
  const answer = await byEitherName(ports.trail, place, about, namesTag)
  if ('silent' in answer) return { tag, unknown: `CloudTrail does not tell: ${answer.silent}` }
  const [last] = answer.events.filter(namesTag)
  // What came after the last that is told of may not be there yet.
  if (last === undefined || /^(?:Delete|Remove|Untag)/.test(last.name)) {
    const why = answer.more ?? 'it has no event of late that gave it'
    return { tag, unknown: `CloudTrail does not tell: ${why}` }
  }
  const { by, name, at, via } = last
  return { tag, by, event: name, at, ...(via !== undefined && { via }) }
}
