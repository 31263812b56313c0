import type { Compliant } from '../playbook/playbook.ts'
import { durationMs } from '../policy/durations.ts'
import { mayHaveChanged } from '../store/run.ts'
import type { Hold, HoldChange } from '../store/store.ts'
import type { Session } from './session.ts'

/** After this an expiry that could not be carried out is tried again, where nobody asks for it (ms). */
const EXPIRY_PAUSE_MS = 3_600_000

/** Time-boxed entries that are there already: if they are ours, this run wants them there too. */
export function takeHolds({ run }: Session, holds: Compliant['holds']): void {
  if (holds) run.holds = holds
  else delete run.holds
}

/** What the end of a run changes in the registry of time-boxed entries. */
export async function holdsOf(session: Session): Promise<HoldChange[]> {
  const { run } = session
  if (run.undoOf) {
    const over =
      run.outcome === 'undone' || run.outcome === 'alreadyCompliant' || run.outcome === 'resourceGone'
    return holdsOfUndo(session, over)
  }
  if (run.outcome === 'alreadyCompliant') return holdsOfPresent(session)
  return run.changedAt === undefined ? [] : [...holdsOfPresent(session), ...holdsOfApplied(session)]
}

/** Holds that a run takes on entries that are already ours; it needs no change for them. */
function holdsOfPresent({ run, ports }: Session): HoldChange[] {
  if (!run.holds) return []
  const now = ports.clock.now()
  const until = now + durationMs(run.holds.expiresAfter)
  return run.holds.entries.map((entry) => ({
    op: 'put',
    onlyIfOurs: true,
    now,
    hold: { resource: run.resource, entry, run: run.id, until, madeBy: run.id },
  }))
}

/** What an undo run changes in the registry of time-boxed entries when it ends. */
async function holdsOfUndo(session: Session, isOver: boolean): Promise<HoldChange[]> {
  const { run, ports, original } = session
  // A sweep that nobody asked for comes every few minutes: what cannot end now is not tried, and told, each time.
  if (!isOver && !(run.expiry && ports.waker)) return []
  const planned = run.plan?.steps.flatMap(({ merge }) => merge?.remove ?? []) ?? []
  const over = session.expiring ?? planned
  const now = ports.clock.now()
  const holds = await ports.store.holds(run.resource)
  return holds
    .filter(
      ({ entry, until, run: holder }) =>
        // What ends now are the blocks that are over, and those of the run that a person takes back.
        (over.includes(entry) && until <= now) || (!run.expiry && holder === original?.id),
    )
    .map((hold) => {
      if (!isOver) return { op: 'put', hold: { ...hold, notBefore: now + EXPIRY_PAUSE_MS } }
      // An entry that another run put there is still in its set: without a holder nothing would ever take it out.
      const stays =
        !over.includes(hold.entry) && run.outcome !== 'resourceGone' && hold.madeBy !== original?.id
      if (stays) return { op: 'put', hold: { ...hold, until: Math.min(hold.until, now) } }
      return { op: 'drop', run: hold.run, resource: hold.resource, entry: hold.entry }
    })
}

/** What a run that put time-boxed entries into a set holds from now on. */
function holdsOfApplied({ run, ports }: Session): HoldChange[] {
  const now = ports.clock.now()
  const changes: HoldChange[] = []
  for (const step of run.plan?.steps ?? []) {
    const result = run.results.find((entry) => entry.step === step.id)
    if (!step.merge?.expiresAfter || !result || !mayHaveChanged(result)) continue
    const until = Date.parse(run.changedAt ?? run.startedAt) + durationMs(step.merge.expiresAfter)
    const added = (result.detail as { added?: string[] } | undefined)?.added ?? []
    for (const entry of step.merge.add) {
      const hold: Hold = { resource: run.resource, entry, run: run.id, until, madeBy: run.id }
      changes.push({ op: 'put', hold, now, ...(!added.includes(entry) && { onlyIfOurs: true }) })
    }
  }
  return changes
}
