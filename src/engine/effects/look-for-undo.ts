import type { LookAnswer } from '../../../state-machines/remediation.ts'
import type { Step } from '../../playbook/plan.ts'
import { appliedSteps } from '../change/applied-steps.ts'
import { doneByOthers } from '../change/own-part.ts'
import { undoSteps } from '../change/undo-steps.ts'
import { close } from '../close.ts'
import { inspect, iso, type Session } from '../drive/driven.ts'
import type { Holder } from '../undo/holders.ts'
import { lookAtEntries, MakerGone, only } from '../undo/undo-entries.ts'
import { decidePlan } from './decide-plan.ts'
import { wrongAccount } from './look.ts'
import { rule, whyUndecided } from './ruling.ts'

/**
 * Plans the undo of a run from its stored undo: the steps that were applied, in reverse. It goes only where the live
 * state is still the one that the run left (generated ids aside); a merge step undoes what is left of its own entries,
 * a time-boxed one what nobody else holds.
 */
export async function lookForUndo(session: Session): Promise<LookAnswer> {
  const { run, ports, playbook, reader } = session
  const original = session.original!
  const wrong = await wrongAccount(session)
  if (wrong) return wrong
  session.epoch = (await ports.store.lock(run.resource)).epoch

  const seen = await inspect(session, true)
  if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  run.lookedAt = seen.at
  const entries = await entriesOrWhyNot(session, seen.state)
  if (entries instanceof MakerGone) return close('failed', entries.message)
  const applied = appliedSteps(original)
  const untouched = playbook.part ? 'stays as it is' : 'is undone too'
  const warnings = doneByOthers(original).map(
    (id) => `${id} ${untouched}: somebody else had dealt with it before the run did`,
  )
  const steps: Step[] = []
  for (const step of applied.toReversed()) {
    if (step.merge?.expiresAfter) continue
    if (Array.isArray(step.undo))
      steps.push(...undoSteps(session, step, ownEntries(session, step, seen.state)))
    else warnings.push(`${step.summary}: cannot be undone: ${step.undo.irreversible}`)
  }
  const irreversible = applied.length > 0 && applied.every(({ undo }) => !Array.isArray(undo))
  if (irreversible) return close('notApplicable', warnings.at(-1) ?? 'cannot be undone')

  const isMerge = entries !== undefined || applied.some(({ merge }) => merge)
  if (!isMerge) {
    const now = playbook.observe(seen.state, original.plan!)
    if (playbook.same(now, original.plan!.before)) {
      const asBefore = 'the live resource is already as it was before the run'
      return close('alreadyCompliant', [asBefore, ...warnings].join('; '))
    }
    if (!playbook.same(now, original.plan!.after)) {
      return close('blocked', 'changed since: the live resource is no longer as the run left it')
    }
  }
  steps.push(...(entries?.steps ?? []))
  const { still = [], notes = [], over = [], holders = [] } = entries ?? {}
  const stillBlocked = still.length > 0 ? [`still blocked: ${still.join('; ')}`] : []
  session.over = over
  if (steps.length === 0) return nothingToDo(session, stillBlocked, [...notes, ...warnings])

  const ruling = rule(session, seen)
  if (ruling.mode === 'undecided') return close('blocked', whyUndecided(session, ruling, seen))
  if (run.unblocks) {
    session.alsoNewestOf = [...new Set(holders.map(({ of }) => of))].filter((key) => key !== run.key)
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
  const planned = decidePlan(
    session,
    {
      ...{ steps, before, after, impact, cautions: [] },
      warnings: [...opening, ...stillBlocked, ...notes, ...warnings],
    },
    ruling,
  )
  if (planned.kind === 'close') return planned
  const reason = [planned.reason, ...stillBlocked].join('; ')
  run.reason = reason
  return { ...planned, reason }
}

/** What still has its effect is not as it was before the run, although the run lets go of it. */
function nothingToDo(session: Session, stillBlocked: string[], notes: string[]): LookAnswer {
  const { run } = session
  session.letsGo = stillBlocked.length > 0 && !run.expiry
  if (session.letsGo) return close('blocked', [...stillBlocked, ...notes].join('; '))
  run.verifiedAt = run.lookedAt!
  return close(
    'alreadyCompliant',
    ['nothing of the run is left to undo', ...stillBlocked, ...notes].join('; '),
  )
}

/** Of a merge that is not time-boxed: the entries that the run put there itself and that are there still. */
function ownEntries({ playbook, original }: Session, step: Step, state: unknown) {
  const result = original!.results.find((entry) => entry.step === step.id)
  const added = (result?.detail as { added?: string[] } | undefined)?.added
  return (entries: string[]) =>
    entries.filter(
      (entry) =>
        (added ?? entries).includes(entry) &&
        playbook.status(only(step, [entry]), state, original!.plan!) === 'done',
    )
}

async function entriesOrWhyNot(session: Session, state: unknown) {
  try {
    return await lookAtEntries(session, state)
  } catch (error) {
    if (error instanceof MakerGone) return error
    throw error
  }
}

function heldText({ entry, run, of, until }: Holder): string {
  return `${entry} is held by run ${run} (${of}) until ${iso(until)}`
}
