import type { ListedOf } from '../../engine/asking/detector-listing.ts'
import type { WireEntry } from '../../engine/rehearsing/wire-count.ts'
import type { RehearsalEnd } from '../../reports/rehearsal/sink.ts'
import type { FromDetectors, MemberRoles } from '../input/from-detectors.ts'
import type { Named } from '../input/selection.ts'
import type { ExitStatus } from '../program/exit-status.ts'
import type { Journal } from './journal.ts'

/** What is rehearsed, beside event files. */
export interface RehearseOptions extends Named, FromDetectors, MemberRoles {
  resume?: true
  /** How far back flow logs are asked about what a plan cuts off (ms), and as it was given. */
  traffic?: { text: string; ms: number }
  /** GB of logs after which no further query is begun. */
  trafficGb?: number
  /** Each plan is carried out and taken back on a copy of its resource, in the sandbox. */
  twin?: true
}

/** How a rehearsal ended. */
export interface Rehearsed extends RehearsalEnd {
  status: ExitStatus
  /** What was counted on the wire; absent where nothing was asked of the resources. */
  wire?: readonly WireEntry[]
  /** What each detector answered. */
  asked: readonly ListedOf[]
  /** Of a rehearsal that came to its end: dropped once it is reported, stored where that fails. */
  journal?: Pick<Journal, 'drop' | 'store'>
}
