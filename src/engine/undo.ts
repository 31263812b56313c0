import type { LookAnswer } from '../../state-machines/remediation.ts'
import { iamAction } from '../playbook/api.ts'
import type { Step } from '../playbook/plan.ts'
import { fillArn } from '../playbook/playbook.ts'
import { mayHaveChanged, type Run } from '../store/run.ts'
import type { Hold } from '../store/store.ts'
import { close } from './close.ts'
import { decidePlan } from './decide-plan.ts'
import { wrongAccount } from './look.ts'
import { doneByOthers, isAllOfOthers } from './own-part.ts'
import { rule, whyUndecided } from './ruling.ts'
import { inspect, type Session } from './session.ts'

/**
 * Plans the undo of a run from its stored undo: the steps that were applied, in reverse. It goes only where the live
 * state is still the one that the run left (generated ids aside); a merge step undoes what is left of its own entries.
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
  const applied = appliedSteps(original)
  const holds = await ports.store.holds(run.resource)
  const untouched = playbook.part ? 'stays as it is' : 'is undone too'
  const warnings = doneByOthers(original).map(
    (id) => `${id} ${untouched}: somebody else had dealt with it before the run did`,
  )
  const steps: Step[] = []
  for (const step of applied.reverse()) {
    if (!Array.isArray(step.undo)) {
      warnings.push(`${step.summary}: cannot be undone: ${step.undo.irreversible}`)
      continue
    }
    steps.push(...undoSteps(session, step, seen.state, holds, warnings))
  }
  const irreversible = applied.length > 0 && applied.every(({ undo }) => !Array.isArray(undo))
  if (irreversible) return close('notApplicable', warnings.at(-1) ?? 'cannot be undone')

  const merges = applied.some(({ merge }) => merge)
  if (!merges) {
    const now = playbook.observe(seen.state, original.plan!)
    if (playbook.same(now, original.plan!.before)) {
      const asBefore = 'the live resource is already as it was before the run'
      return close('alreadyCompliant', [asBefore, ...warnings].join('; '))
    }
    if (!playbook.same(now, original.plan!.after)) {
      return close('blocked', 'changed since: the live resource is no longer as the run left it')
    }
  }
  if (steps.length === 0) {
    run.verifiedAt = run.lookedAt
    return close('alreadyCompliant', ['nothing of the run is left to undo', ...warnings].join('; '))
  }

  const ruling = rule(session, seen)
  if (ruling.mode === 'undecided') return close('blocked', whyUndecided(session, ruling, seen))
  const [before, after] = [original.plan!.after, original.plan!.before]
  const turned = { before, after }
  // A person confirms an undo as it is, and an expiry was approved with the block: cautions would add nothing.
  const { cautions: _, ...impact } = await playbook.impact(
    seen.state,
    reader,
    run.target,
    turned,
    run.parameters,
  )
  const opening = run.expiry ? [] : ['opens again what the first run closed']
  return decidePlan(
    session,
    { steps, ...turned, impact, warnings: [...opening, ...warnings], cautions: [] },
    ruling,
  )
}

/** Steps of which something was applied, or may have been: only those have something to undo. */
export function appliedSteps(run: Run): Step[] {
  const applied = new Set(
    run.results
      .filter(mayHaveChanged)
      .filter(({ detail }) => !isAllOfOthers(detail))
      .map(({ step }) => step),
  )
  return (run.plan?.steps ?? []).filter(({ id }) => applied.has(id))
}

function undoSteps(session: Session, step: Step, state: unknown, holds: Hold[], warnings: string[]): Step[] {
  if (!Array.isArray(step.undo)) return []
  const { run, playbook, place } = session
  return step.undo.flatMap((undo, index): Step[] => {
    const { merge: inverse, ...call } = undo
    const action = iamAction(call.service, call.operation)
    const tags = 'TagSpecifications' in call.input
    const permissions = playbook.writes
      .filter((write) => write.action === action || (tags && write.action.endsWith(':CreateTags')))
      .map((write) => ({
        action: write.action,
        resource: fillArn(write.resource, { ...place, id: run.target.id }),
      }))
    const base = {
      id: `undo-${step.id}${index ? `-${index + 1}` : ''}`,
      call,
      retry: 'safe' as const,
      permissions,
    }
    if (!inverse) return [{ ...base, summary: `undo: ${step.summary}`, undo: [step.call] }]
    const mine = ownEntries(session, step, inverse.remove, holds, warnings)
    const left = mine.filter(
      (entry) => playbook.status(only(step, entry), state, session.original!.plan!) === 'done',
    )
    if (left.length === 0) return []
    return [
      {
        ...base,
        summary: `take ${left.join(', ')} out again`,
        merge: { ...inverse, remove: left },
        undo: [{ ...call, merge: { ...inverse, add: left, remove: [] } }],
      },
    ]
  })
}

/** The same step about one entry of its set. */
function only(step: Step, entry: string): Step {
  return { ...step, merge: { ...step.merge!, add: [entry], remove: [] } }
}

/**
 * Entries of a step that the first run put there, that are still ours, and that no other run holds. A block that has
 * ended is ours no more: whoever has put the entry there since keeps it.
 */
function ownEntries(
  session: Session,
  step: Step,
  entries: string[],
  holds: Hold[],
  warnings: string[],
): string[] {
  const { run, expiring, ports } = session
  const original = session.original!
  const result = original.results.find((entry) => entry.step === step.id)
  const added = (result?.detail as { added?: string[] } | undefined)?.added ?? entries
  const { id } = original
  const isOurs = (entry: string, holders: Hold[]): boolean => {
    if (run.expiry) return (expiring ?? entries).includes(entry) && holders.some((hold) => hold.madeBy === id)
    return added.includes(entry) && (!step.merge?.expiresAfter || holders.some((hold) => hold.madeBy === id))
  }
  return entries.filter((entry) => {
    const holders = holds.filter((hold) => hold.entry === entry)
    if (!isOurs(entry, holders)) return false
    const others = holders.filter((hold) => hold.until > ports.clock.now() && (run.expiry || hold.run !== id))
    if (others.length === 0) return true
    warnings.push(`${entry} stays: also held by ${others.map((hold) => hold.run).join(', ')}`)
    return false
  })
}
