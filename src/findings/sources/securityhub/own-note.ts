import { isoTime } from '../../dates.ts'
import { at, text } from '../../fields.ts'
import type { Fields } from '../../json-object.ts'
import type { Told } from '../../wrapping.ts'

/** Who a note of ours is by, as Security Hub keeps it (ASFF `Note.UpdatedBy`). */
export const NOTED_BY = 'Rectify'

/**
 * Whether Security Hub tells of a finding in ASFF only because this engine wrote its note there. Every update is sent as
 * an event, and ours leave `UpdatedAt` as it was (API reference, BatchUpdateFindings): what the detector itself has to say
 * is newer than the note. A person who sends the finding by a custom action means it, and so does who asks Security Hub what
 * is open: that is no event of EventBridge, which have ids.
 * @param observedAt when the detector updated it, ISO 8601 UTC
 */
export function isOwnNote(body: Fields, { detailType, id }: Told, observedAt: string): boolean {
  if (detailType !== 'Security Hub Findings - Imported' || id === undefined) return false
  const note = at(body, 'note')
  const noted = isoTime(at(note, 'updatedAt'))
  return text(note, 'updatedBy') === NOTED_BY && noted !== undefined && noted >= observedAt
}
