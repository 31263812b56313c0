import type { Finding } from '../finding.ts'
import type { Fields } from '../json-object.ts'
import type { Told } from '../wrapping.ts'

/** What knows the events of one detector. Pure; one file per detector. */
export interface SourceReader {
  /**
   * Whether a body is one of this detector's, by its shape or by what the envelopes told. Of an event "via CloudTrail",
   * whatever service's name and shape it has, only CloudTrail's reader is asked.
   */
  recognises(body: Fields, told: Told): boolean
  /**
   * What it says: a finding, or several where it speaks of several.
   * @throws BadEvent when it is one of this detector's, but not one that is a finding or not a whole one
   */
  read(body: Fields, told: Told): Finding | Finding[]
}
