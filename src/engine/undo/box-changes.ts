import { mergeOf } from '../../playbook/step.ts'
import { durationMs } from '../../policy/written-durations.ts'
import { mayHaveChanged, type Run } from '../../run/run.ts'
import type { TimeBox, TimeBoxChange } from '../../run/store.ts'
import { isBoxed } from '../change/time-boxed.ts'
import type { Drive } from '../drive/drive.ts'
import { boxedEntries, holdersOf, isOwn } from './holders.ts'

/** After this an expiry that could not be carried out is tried again, where nobody asks for it (ms). */
const EXPIRY_PAUSE_MS = 3_600_000

/** What the end of a run changes in the registry of time-boxed entries. */
export async function timeBoxChanges(drive: Drive): Promise<TimeBoxChange[]> {
  const { run } = drive
  if (run.undoOf) return changesOfUndo(drive)
  if (run.changedAt !== undefined) return [...changesOfPresent(drive), ...changesOfApplied(drive)]
  // Unverified without a change: the entries are there, and their effect cannot be told.
  const isPresent = run.outcome === 'alreadyCompliant' || run.outcome === 'unverified'
  return isPresent ? changesOfPresent(drive) : []
}

/** Holds that a run takes on entries that are already ours; it needs no change for them. */
function changesOfPresent({ run, ports }: Drive): TimeBoxChange[] {
  if (!run.timeBoxes) return []
  const now = ports.clock.now()
  const until = now + durationMs(run.timeBoxes.expiresAfter)
  return run.timeBoxes.entries.map((entry) => ({
    op: 'put',
    onlyIfOurs: true,
    now,
    timeBox: timeBoxOf(run, entry, until),
  }))
}

/** What an undo run changes in the registry of time-boxed entries when it ends. */
async function changesOfUndo(drive: Drive): Promise<TimeBoxChange[]> {
  const { run, ports, original, letsGo } = drive
  const ended = [letsGo && 'blocked', 'undone', 'alreadyCompliant', 'resourceGone'].includes(
    run.outcome ?? '',
  )
  // A sweep that nobody asked for comes every few minutes: what cannot end now is not tried, and told, each time.
  if (!ended && !(run.expiry && ports.waits.asksAgain)) return []
  const planned = run.plan?.steps.flatMap((step) => mergeOf(step)?.remove ?? []) ?? []
  const over = drive.expiring ?? drive.over ?? planned
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
    .map(({ of: _, ...timeBox }): TimeBoxChange => {
      if (!ended) return { op: 'put', timeBox: { ...timeBox, notBefore: now + EXPIRY_PAUSE_MS } }
      const { key, resource, entry } = timeBox
      const stays = !over.includes(entry) && !isGone
      return { op: 'drop', key, resource, entry, ...(stays && { endsAt: now }) }
    })
}

/** What a run that put time-boxed entries into a set holds from now on. */
function changesOfApplied({ run, ports }: Drive): TimeBoxChange[] {
  const now = ports.clock.now()
  const changes: TimeBoxChange[] = []
  for (const step of (run.plan?.steps ?? []).filter(isBoxed)) {
    const result = run.results.find((entry) => entry.step === step.id)
    if (!result || !mayHaveChanged(result)) continue
    const until = Date.parse(run.changedAt ?? run.startedAt) + durationMs(step.merge.expiresAfter!)
    const added = (result.detail as { added?: string[] } | undefined)?.added ?? []
    for (const entry of step.merge.add) {
      const timeBox = timeBoxOf(run, entry, until)
      changes.push({ op: 'put', timeBox, now, ...(!added.includes(entry) && { onlyIfOurs: true }) })
    }
  }
  return changes
}

function timeBoxOf({ id, resource, key }: Run, entry: string, until: number): TimeBox {
  return { resource, entry, key, run: id, until, madeBy: id }
}
