import type { LookAnswer } from '../../state-machines/remediation.ts'
import { iamAction } from '../playbook/api.ts'
import { type Plan, planHash, type Step } from '../playbook/plan.ts'
import { fillArn } from '../playbook/playbook.ts'
import { durationMs } from '../policy/durations.ts'
import type { Run } from '../store/run.ts'
import type { Hold, HoldChange } from '../store/store.ts'
import { close, wrongAccount } from './look.ts'
import { modeOf, permitOf, rule, stricter } from './ruling.ts'
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
  const warnings: string[] = run.expiry ? [] : ['opens again what the first run closed']
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
      return close('alreadyCompliant', 'the live resource is already as it was before the run')
    }
    if (!playbook.same(now, original.plan!.after)) {
      return close('blocked', 'changed since: the live resource is no longer as the run left it')
    }
  }
  if (steps.length === 0) {
    run.verifiedAt = run.lookedAt
    return close('alreadyCompliant', ['nothing of the run is left to undo', ...warnings.slice(1)].join('; '))
  }

  const impact = await playbook.impact(seen.state, reader, run.target)
  const body: Omit<Plan, 'hash'> = {
    playbook: run.playbook,
    resource: run.resource,
    account: run.account,
    region: run.region,
    steps,
    before: original.plan!.after,
    after: original.plan!.before,
    impact,
    warnings,
  }
  run.plan = { ...body, hash: planHash(body) }
  run.results = []
  const ruling = rule(session, 'unread')
  const { permit, mode, reason } = permitOf(session, ruling)
  session.permit = session.permit === undefined ? permit : stricter(permit, session.permit)
  run.approval = ruling.approval
  run.mode = session.permit === permit ? mode : modeOf(session.permit)
  run.reason = reason
  return {
    kind: 'planned',
    permit: session.permit,
    reason,
    dryRunFirst: session.permit === 'approve',
    expiresInMs: durationMs(ruling.approval.expiresAfter),
  }
}

/** Steps that were applied, or in doubt and read back: only those have something to undo. */
export function appliedSteps(run: Run): Step[] {
  const applied = new Set(
    run.results
      .filter(({ status }) => status === 'applied' || status === 'alreadyDone')
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
    const permissions = playbook.writes
      .filter((write) => write.action === action)
      .map(({ resource }) => ({ action, resource: fillArn(resource, { ...place, id: run.target.id }) }))
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

/** Entries of a step that this run put there and that no other run still holds. */
function ownEntries(
  session: Session,
  step: Step,
  entries: string[],
  holds: Hold[],
  warnings: string[],
): string[] {
  const { original, expiring, ports } = session
  const result = original!.results.find((entry) => entry.step === step.id)
  const added = (result?.detail as { added?: string[] } | undefined)?.added ?? entries
  return entries.filter((entry) => {
    if (expiring) return expiring.includes(entry)
    if (!added.includes(entry)) return false
    const others = holds.filter(
      (hold) => hold.entry === entry && hold.run !== original!.id && hold.until > ports.clock.now(),
    )
    if (others.length === 0) return true
    warnings.push(`${entry} stays: also held by ${others.map(({ run }) => run).join(', ')}`)
    return false
  })
}

/** What an undo run changes in the registry of time-boxed entries when it ends. */
export async function holdsOfUndo(session: Session): Promise<HoldChange[]> {
  const { run, ports, original } = session
  const planned = run.plan?.steps.flatMap(({ merge }) => merge?.remove ?? []) ?? []
  const over = session.expiring ?? planned
  const holds = await ports.store.holds(run.resource)
  return holds
    .filter(({ entry, run: holder }) => (run.expiry ? over.includes(entry) : holder === original?.id))
    .map(({ run: holder, resource, entry }) => ({ op: 'drop', run: holder, resource, entry }))
}

/** What a run that put time-boxed entries into a set holds from now on. */
export function holdsOfApplied({ run }: Session): HoldChange[] {
  const changes: HoldChange[] = []
  for (const step of run.plan?.steps ?? []) {
    const result = run.results.find((entry) => entry.step === step.id)
    if (!step.merge?.expiresAfter || !result || !['applied', 'alreadyDone'].includes(result.status)) continue
    const until = Date.parse(run.changedAt ?? run.startedAt) + durationMs(step.merge.expiresAfter)
    const added = (result.detail as { added?: string[] } | undefined)?.added ?? []
    for (const entry of step.merge.add) {
      const hold: Hold = { resource: run.resource, entry, run: run.id, until, madeBy: run.id }
      changes.push(added.includes(entry) ? { op: 'put', hold } : { op: 'put', hold, onlyIfOurs: true })
    }
  }
  return changes
}
