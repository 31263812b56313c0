import type { ListedOf } from '../../engine/asking/detector-listing.ts'
import type { RehearsalEnd } from '../../reports/rehearsal/sink.ts'
import type { FromDetectors, MemberRoles } from '../input/from-detectors.ts'
import type { Named } from '../input/selection.ts'
import type { ExitStatus } from '../program/exit-status.ts'

/** What is rehearsed, beside event files. */
export interface RehearseOptions extends Named, FromDetectors, MemberRoles {
  resume?: true
  /** Each plan is carried out and taken back on a copy of its resource, in the sandbox. */
  twin?: true
}

/** How a rehearsal ended. */
export interface Rehearsed extends RehearsalEnd {
  status: ExitStatus
  /** What each detector answered. */
  asked: readonly ListedOf[]
}
