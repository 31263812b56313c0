import type { Compliant } from '../../playbook/playbook.ts'
import { durationMs } from '../../policy/written-durations.ts'
import { mayHaveChanged, type Run } from '../../run/run.ts'
import type { Hold, HoldChange } from '../../run/store.ts'
import type { Session } from '../drive/driven.ts'
import { boxedEntries, holdersOf, isOwn } from './holders.ts'

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
  if (run.undoOf) return holdsOfUndo(session)
  if (run.changedAt !== undefined) return [...holdsOfPresent(session), ...holdsOfApplied(session)]
  // Unverified without a change: the entries are there, and their effect cannot be told.
  const isPresent = run.outcome === 'alreadyCompliant' || run.outcome === 'unverified'
  return isPresent ? holdsOfPresent(session) : []
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
    hold: holdOf(run, entry, until),
  }))
}

/** What an undo run changes in the registry of time-boxed entries when it ends. */
async function holdsOfUndo(session: Session): Promise<HoldChange[]> {
  const { run, ports, original, letsGo } = session
  const ended = [letsGo && 'blocked', 'undone', 'alreadyCompliant', 'resourceGone'].includes(
    run.outcome ?? '',
  )
  // A sweep that nobody asked for comes every few minutes: what cannot end now is not tried, and told, each time.
  if (!ended && !(run.expiry && ports.waker)) return []
  const planned = run.plan?.steps.flatMap(({ merge }) => merge?.remove ?? []) ?? []
  const over = session.expiring ?? session.over ?? planned
  const now = ports.clock.now()
  const wanted = boxedEntries(original!)
  const isGone = run.outcome === 'resourceGone'
  const holders = await holdersOf(ports.store, run.resource, [...wanted, ...over, ...(run.unblocks ?? [])])
  return holders
    .filter((holder) => {
      const { entry, until } = holder
      if (run.unblocks) return run.unblocks.includes(entry) && (isGone || over.includes(entry))
      // What ends now are the blocks that are over, and those of the run that a person takes back.
      const isTakenBack = !run.expiry && wanted.includes(entry) && isOwn(holder, original!)
      return (over.includes(entry) && until <= now) || isTakenBack
    })
    .map(({ of: _, ...hold }): HoldChange => {
      if (!ended) return { op: 'put', hold: { ...hold, notBefore: now + EXPIRY_PAUSE_MS } }
      const { key, resource, entry } = hold
      const stays = !over.includes(entry) && !isGone
      return { op: 'drop', key, resource, entry, ...(stays && { endsAt: now }) }
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
      const hold = holdOf(run, entry, until)
      changes.push({ op: 'put', hold, now, ...(!added.includes(entry) && { onlyIfOurs: true }) })
    }
  }
  return changes
}

function holdOf({ id, resource, key }: Run, entry: string, until: number): Hold {
  return { resource, entry, key, run: id, until, madeBy: id }
}
