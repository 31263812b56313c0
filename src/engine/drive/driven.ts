import type { Permit } from '../../../state-machines/remediation.ts'
import type { Place } from '../../aws/port.ts'
import type { AnyPlaybook, Inspection, Look, Reader } from '../../playbook/playbook.ts'
import { isGoneLook } from '../../playbook/playbook.ts'
import type { LoadedPolicy } from '../../policy/rules.ts'
import type { Outcome, Run } from '../../run/run.ts'
import type { EnginePorts } from '../ports.ts'

/** Everything that drives one run now: the working copy of the run and what is only remembered in this process. */
export interface Session {
  run: Run
  ports: EnginePorts
  playbook: AnyPlaybook
  place: Place
  reader: Reader
  policy: LoadedPolicy
  /** The run that this one undoes; its plan has only what it did itself (`ownPart`). */
  original?: Run
  /** Pointer that was read before a first commit; undefined when the run shall not become the newest of its key. */
  newest?: string | null
  /** Number of attached findings that have been read. */
  attached: number
  /** Epoch of the resource's lock, read before the resource. */
  epoch?: number
  /** Somebody or something stood between the look and now. */
  waited: boolean
  /** Taken up again after its driver died: what was sent is in doubt. */
  resumed: boolean
  /** ms since 1970, UTC: no change starts in the last 30 s of it. */
  leaseUntil?: number
  /** Entries of a set whose time-boxed holds end with this (expiry) run. */
  expiring?: string[]
  /** Entries of a set that are over with this (undo) run, as the last look saw it. */
  over?: string[]
  /** This (undo) run takes its run off the holders although nothing can be undone: others hold the entries. */
  letsGo?: boolean
  /** Keys whose entries this (undo) run takes out besides its own: it holds them, as an undo holds its key. */
  alsoNewestOf?: string[]
  /** What the policy permitted at the last look. */
  permit?: Permit
  warnings: string[]
  /** Known before any look: the run ends so. */
  ending?: { outcome: Outcome; reason: string }
  /** The same plan was declined lately: it is not asked about again. */
  silenced?: { hash: string; until: number; run: Run }
}

/** A re-read that gave nothing is believed when it gives nothing again so much later (ms). */
const GONE_AGAIN_MS = 2_000

/** What a look saw, and when it began (ISO 8601 UTC): what came later than that it may have missed. */
type Seen = Inspection<unknown> & { at: string }

/** Looks at the live resource. Undefined: gone, seen twice. */
export async function inspect(session: Session, first: boolean): Promise<Seen | undefined> {
  const { run, playbook, reader, ports } = session
  const look: Look = { first, findings: run.findings }
  const once = async () => ({
    at: iso(ports.clock.now()),
    found: await playbook.inspect(run.target, run.parameters, reader, look),
  })
  let { at, found } = await once()
  if (isGoneLook(found)) {
    await ports.clock.sleep(GONE_AGAIN_MS)
    ;({ at, found } = await once())
  }
  if (isGoneLook(found)) return undefined
  return { ...found, at }
}

export const iso = (ms: number): string => new Date(ms).toISOString()
