import type { Told } from '../envelopes.ts'
import type { Fields } from '../fields.ts'
import type { Finding } from '../finding.ts'

/** What knows the events of one detector. Pure; one file per detector. */
export interface SourceReader {
  /** Whether a body is one of this detector's, by its shape or by what the envelopes told. */
  recognises(body: Fields, told: Told): boolean
  /** @throws BadEvent when it is one, but not one that is a finding or not a whole one */
  read(body: Fields, told: Told): Finding | Finding[]
}
