import type { Permit } from '../../../state-machines/effects.ts'
import type { LiveTags } from '../../playbook/inspection.ts'
import type { Cut } from '../../playbook/network/cut.ts'
import type { Run } from '../../run/run.ts'

/** What this process remembers of a run beside the run. */
export interface Memory {
  /** Pointer that was read before a first commit; undefined when the run shall not become the newest of its key. */
  newest?: string | null
  /** Number of attached findings that have been read. */
  attached: number
  /** Epoch of the resource's lock, read before the resource. */
  epoch?: number
  /** The keys by which the run is found as it is stored. */
  foundAs: readonly string[]
  /** Somebody or something stood between the look and now. */
  waited: boolean
  /** Taken up again after its driver died: what was sent is in doubt. */
  driverDied: boolean
  /** ms since 1970, UTC: no change starts in the last 30 s of it. */
  leaseUntil?: number
  /** Entries of a set that are over with this (undo) run, as the last look saw it. */
  over?: readonly string[]
  /** This (undo) run takes its run off the holders although nothing can be undone: others hold the entries. */
  letsGo?: boolean
  /** Keys whose entries this (undo) run takes out besides its own: it holds them, as an undo holds its key. */
  alsoNewestOf?: string[]
  /** What the policy permitted at the last look. */
  permit?: Permit
  /** Live tags, as the last look read them. */
  tags?: LiveTags
  /** Of a rehearsal: the traffic that the plan would cut off, as the playbook says. */
  cuts?: readonly Cut[]
}

/** What an effect may find out about a run; all else of it belongs to the driver. */
export type RunFacts = {
  [K in
    | 'name'
    | 'parameters'
    | 'ruling'
    | 'tagChange'
    | 'policyVersion'
    | 'lookedAt'
    | 'verifiedAt'
    | 'timeBoxes'
    | 'plan'
    | 'advice'
    | 'results'
    | 'approval'
    | 'mode'
    | 'reason'
    | 'warnings'
    | 'decisions'
    | 'reads'
    | 'heldBy']?: Run[K] | undefined
}

/** Something that was found out. Undefined takes a field away. */
export interface Facts {
  run?: RunFacts
  memory?: { [K in keyof Memory]?: Memory[K] | undefined }
  /** What a read warned of. */
  warning?: string
}

/**
 * Something that a drive does: it gives facts as it finds them, so that those of before an error count, and in the end
 * its answer. It reads the drive, which has each fact as soon as it was given, and writes nothing.
 */
export type Effect<A> = AsyncGenerator<Facts, A, void>

/** ms since 1970 as ISO 8601 UTC. */
export const iso = (ms: number): string => new Date(ms).toISOString()
