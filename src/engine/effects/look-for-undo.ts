import { type Close, close, type LookAnswer } from '../../../state-machines/effects.ts'
import type { Step } from '../../playbook/step.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { doneByOthers } from '../change/own-part.ts'
import { isMerge, ownEntries } from '../change/set-merge.ts'
import { isBoxed } from '../change/time-boxed.ts'
import { undoSteps } from '../change/undo-steps.ts'
import type { Drive } from '../drive/drive.ts'
import { type Effect, iso } from '../drive/facts.ts'
import { inspect, type Seen } from '../drive/inspect.ts'
import { sparingOwn } from '../own/sparing-own.ts'
import { standingIn } from '../tags/places-of-look.ts'
import { whyUndecided } from '../tags/why-undecided.ts'
import type { Holder } from '../undo/holders.ts'
import { type EntriesLook, lookAtEntries, MakerGone } from '../undo/undo-entries.ts'
import { decidePlan } from './decide-plan.ts'
import { noted, wrongAccount } from './look.ts'
import { rule } from './ruling.ts'

/**
 * Plans the undo of a run from its stored undo: the steps that were applied, in reverse. It goes only where the live
 * state is still the one that the run left (generated ids aside); a merge step undoes what is left of its own entries,
 * a time-boxed one what nobody else holds.
 */
export async function* lookForUndo(drive: Drive): Effect<LookAnswer> {
  const { run, ports } = drive
  const wrong = await wrongAccount(drive)
  if (wrong) return wrong
  yield { memory: { epoch: (await ports.store.lock(run.resource)).epoch } }

  const seen = await inspect(drive, true)
  if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  yield { run: { lookedAt: seen.at } }
  const entries = await entriesOrWhyNot(drive, seen.state)
  if (entries instanceof MakerGone) return close('failed', entries.message)
  const { steps, warnings, isIrreversible, isOfSets } = takenBack(drive, seen.state)
  if (isIrreversible) return close('notApplicable', warnings.at(-1) ?? 'cannot be undone')

  const ended = entries === undefined && !isOfSets ? changedSince(drive, seen, warnings) : undefined
  if (ended) return ended
  steps.push(...(entries?.steps ?? []))
  const { still = [], notes = [], over = [] } = entries ?? {}
  const stillBlocked = still.length > 0 ? [`still blocked: ${still.join('; ')}`] : []
  yield { memory: { over } }
  if (steps.length === 0) return yield* nothingToDo(drive, stillBlocked, [...notes, ...warnings])
  return yield* planOfUndo(drive, seen, { steps, entries, stillBlocked, notes, warnings })
}

/** What the stored undo of the run's own part comes to; time-boxed entries are for `lookAtEntries` to say. */
function takenBack(drive: Drive, state: unknown) {
  const original = drive.original!
  const applied = appliedSteps(original)
  const untouched = drive.playbook.subset?.part ? 'stays as it is' : 'is undone too'
  const warnings = doneByOthers(original).map(
    (id) => `${id} ${untouched}: somebody else had dealt with it before the run did`,
  )
  const steps: Step[] = []
  const observed = original.plan === null ? null : drive.playbook.observe(state, original.plan)
  for (const step of applied.toReversed()) {
    if (isBoxed(step)) continue
    if (Array.isArray(step.undo))
      steps.push(...undoSteps(drive, step, observed, ownEntries(drive, step, state)))
    else warnings.push(`${step.summary}: cannot be undone: ${step.undo.irreversible}`)
  }
  const isIrreversible = applied.length > 0 && applied.every(({ undo }) => !Array.isArray(undo))
  return { steps, warnings, isIrreversible, isOfSets: applied.some(isMerge) }
}

/** An undo goes only from where the run left the resource. */
function changedSince({ playbook, original }: Drive, { state }: Seen, warnings: string[]): Close | undefined {
  const { before, after } = original!.plan!
  const now = playbook.observe(state, original!.plan!)
  if (playbook.same(now, before)) {
    const asBefore = 'the live resource is already as it was before the run'
    return close('alreadyCompliant', [asBefore, ...warnings].join('; '))
  }
  if (playbook.same(now, after)) return undefined
  return close('blocked', 'changed since: the live resource is no longer as the run left it')
}

interface Undoing {
  steps: Step[]
  entries: EntriesLook | undefined
  stillBlocked: string[]
  notes: string[]
  warnings: string[]
}

async function* planOfUndo(drive: Drive, seen: Seen, undoing: Undoing): Effect<LookAnswer> {
  const { run, playbook, reader } = drive
  const { steps, entries, stillBlocked, notes, warnings } = undoing
  const original = drive.original!
  const ruling = rule(drive, { ...seen, ...(await standingIn(drive, seen)) })
  yield { run: noted(drive, ruling) }
  if (ruling.mode === 'undecided') return close('blocked', whyUndecided(drive, ruling, seen))
  if (run.unblocks) {
    const { holders = [] } = entries ?? {}
    const alsoNewestOf = [...new Set(holders.map(({ of }) => of))].filter((key) => key !== run.key)
    yield { memory: { alsoNewestOf } }
    warnings.push(...holders.map(heldText))
  }
  const { before, after } = entries?.steps.length
    ? entries
    : { before: original.plan!.after, after: original.plan!.before }
  // A person confirms an undo as it is, and an expiry was approved with the block: cautions would add nothing.
  const { cautions: _, ...impact } = await playbook.impact(
    seen.state,
    reader,
    run.target,
    { before, after },
    run.parameters,
  )
  const opening = run.expiry ? [] : ['opens again what the first run closed']
  const all = [...opening, ...stillBlocked, ...notes, ...warnings]
  const change = { steps, before, after, impact, cautions: [], warnings: all }
  const spared = await sparingOwn(drive, { ...change, seen }, ruling)
  const planned = yield* decidePlan(drive, change, spared)
  if (planned.kind === 'close') return planned
  const reason = [planned.reason, ...stillBlocked].join('; ')
  yield { run: { reason } }
  return { ...planned, reason }
}

/** What still has its effect is not as it was before the run, although the run lets go of it. */
async function* nothingToDo(drive: Drive, stillBlocked: string[], notes: string[]): Effect<LookAnswer> {
  const { run } = drive
  const letsGo = stillBlocked.length > 0 && !run.expiry
  yield { memory: { letsGo } }
  if (letsGo) return close('blocked', [...stillBlocked, ...notes].join('; '))
  yield { run: { verifiedAt: run.lookedAt! } }
  return close(
    'alreadyCompliant',
    ['nothing of the run is left to undo', ...stillBlocked, ...notes].join('; '),
  )
}

async function entriesOrWhyNot(drive: Drive, state: unknown): Promise<EntriesLook | MakerGone | undefined> {
  try {
    return await lookAtEntries(drive, state)
  } catch (error) {
    if (error instanceof MakerGone) return error
    throw error
  }
}

function heldText({ entry, run, of, until }: Holder): string {
  return `${entry} is held by run ${run} (${of}) until ${iso(until)}`
}
