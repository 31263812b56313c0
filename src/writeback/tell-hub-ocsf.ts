import type { Aws, Place } from '../aws/port.ts'
import { isoTime } from '../findings/dates.ts'
import { at, number, text } from '../findings/fields.ts'
import type { Finding } from '../findings/finding.ts'
import type { Input } from '../playbook/api.ts'
import { ask, type Heard, nothing, refused, say, told } from './hearing.ts'
import type { Word } from './run-words.ts'
import { type Live, type Stage, updateOf } from './workflow.ts'

/** OCSF 1.6, `status_id` of a finding; whatever else it is, somebody has decided that. */
const STAGES: ReadonlyMap<number | undefined, Stage> = new Map([
  [1, 'NEW'],
  [2, 'NOTIFIED'],
  [4, 'RESOLVED'],
])
const STATUS_IDS: Partial<Record<Stage, number>> = { NEW: 1, RESOLVED: 4 }

/**
 * Security Hub's second version: status and comment. It is told only that something was solved or reopened. Its events do
 * not say who commented and when, so that one about a finding that is still open could not be told from the detector's
 * own word, and would start a run that comments again.
 */
export async function tellSecondForm(
  aws: Aws,
  place: Place,
  word: Word,
  findings: readonly Finding[],
): Promise<Heard[]> {
  const heard: Heard[] = []
  for (const finding of findings) heard.push(await tellOne(aws, place, word, finding))
  return heard
}

async function tellOne(aws: Aws, place: Place, word: Word, { origin }: Finding): Promise<Heard> {
  if (word.meaning !== 'solved' && word.meaning !== 'reopened')
    return nothing('Security Hub is told only of what is solved where it speaks OCSF')
  const kept = (await keptThere(aws, place, origin?.id ?? '')).find(
    (each) => text(each, 'metadata.product.uid') === origin?.product,
  )
  if (kept === undefined)
    return refused(`Security Hub has no finding ${origin?.id} in ${place.region}`, false)
  const update = updateOf(word, liveOf(kept))
  if ('left' in update) return nothing(update.left)
  const StatusId = update.stage && STATUS_IDS[update.stage]
  if (StatusId === undefined) return nothing('its status stands')
  const input: Input<'securityhub', 'BatchUpdateFindingsV2'> = {
    FindingIdentifiers: [
      {
        CloudAccountUid: text(kept, 'cloud.account.uid'),
        FindingInfoUid: origin?.id,
        MetadataProductUid: origin?.product,
      },
    ],
    StatusId,
    ...(update.note !== undefined && { Comment: update.note }),
  }
  const answer = await say({ aws, place, word }, 'securityhub', 'BatchUpdateFindingsV2', input)
  const [wrong] = answer.UnprocessedFindings ?? []
  if (wrong === undefined) return told(update.stage ?? 'note')
  const { ErrorCode = 'not updated', ErrorMessage = '' } = wrong
  return refused(
    `BatchUpdateFindingsV2: ${ErrorCode}: ${ErrorMessage}`,
    ErrorCode !== 'ResourceNotFoundException',
  )
}

async function keptThere(aws: Aws, place: Place, id: string): Promise<unknown[]> {
  const filter = { FieldName: 'finding_info.uid', Filter: { Value: id, Comparison: 'EQUALS' } } as const
  const input = { Filters: { CompositeFilters: [{ StringFilters: [filter] }] }, MaxResults: 100 }
  const answer = await ask(aws, place, 'securityhub', 'GetFindingsV2', input)
  return answer.Findings ?? []
}

function liveOf(kept: unknown): Live {
  const info = at(kept, 'finding_info')
  const comment = text(kept, 'comment')
  return {
    stage: STAGES.get(number(kept, 'status_id')) ?? 'SUPPRESSED',
    archived: false,
    passed: text(kept, 'compliance.status')?.toLowerCase().startsWith('pass') ?? false,
    updatedAt: isoTime(at(info, 'modified_time_dt')) ?? isoTime(at(info, 'modified_time')) ?? '',
    ...(comment !== undefined && { note: { text: comment } }),
  }
}
