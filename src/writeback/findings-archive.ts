import type { Aws, Place } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import type { ToldEnd } from '../run/told-detector.ts'
import { ask, byPlace, type Heard, nothing, refused, say, type Telling, told } from './hearing.ts'
import { noteOf } from './note.ts'
import type { Word } from './run-words.ts'

/** Findings of one call (API reference, FindingIds). */
const MOST_OF_A_CALL = 50

/** What is remembered of a finding that was archived: only that is taken out of the archive again. */
const ARCHIVED = 'archived'

/**
 * GuardDuty: what is solved goes into the archive, and comes out of it when the run is taken back. Only an administrator
 * account, or one that has none, may do that (API reference, ArchiveFindings); from a member's own account the finding is
 * marked as useful, with a comment. An attack sequence is never archived: one remedy is not the end of it.
 */
export const tellGuardDuty: Telling = async (aws, word, before) => {
  const isSequence = ({ type, id }: Finding) => type.startsWith('AttackSequence:') || id.includes('/')
  const whole = word.findings.filter((finding) => !isSequence(finding))
  const { placed, unreached } = await byPlace(aws, whole)
  const heard: Heard[] = [...unreached]
  if (whole.length < word.findings.length) heard.push(nothing('an attack sequence is left to people'))
  for (const { place, findings } of placed)
    for (let at = 0; at < findings.length; at += MOST_OF_A_CALL)
      heard.push(await tellThere(aws, place, word, findings.slice(at, at + MOST_OF_A_CALL), before))
  return heard
}

async function tellThere(
  aws: Aws,
  place: Place,
  word: Word,
  findings: readonly Finding[],
  before: readonly ToldEnd[],
): Promise<Heard> {
  const FindingIds = findings.map(({ id }) => id)
  if (word.meaning === 'reopened' && !before.some(({ to, said }) => to === 'guardduty' && said === ARCHIVED))
    return nothing('it was not archived by the run that is taken back')
  const { DetectorIds: [DetectorId] = [] } = await ask(aws, place, 'guardduty', 'ListDetectors', {})
  if (DetectorId === undefined)
    return refused(`GuardDuty has no detector in ${place.account} ${place.region}`, false)
  const its = { DetectorId, FindingIds }
  if (word.meaning === 'reopened') {
    await say({ aws, place, word }, 'guardduty', 'UnarchiveFindings', its)
    return told('unarchived')
  }
  if (await hasAdministrator(aws, place, DetectorId)) {
    const feedback = { ...its, Feedback: 'USEFUL', Comments: noteOf(word) } as const
    await say({ aws, place, word }, 'guardduty', 'UpdateFindingsFeedback', feedback)
    return told('useful', 'only the administrator account of GuardDuty may archive')
  }
  await say({ aws, place, word }, 'guardduty', 'ArchiveFindings', its)
  return told(ARCHIVED)
}

async function hasAdministrator(aws: Aws, place: Place, DetectorId: string): Promise<boolean> {
  const { Administrator } = await ask(aws, place, 'guardduty', 'GetAdministratorAccount', { DetectorId })
  return Administrator?.RelationshipStatus === 'Enabled'
}
