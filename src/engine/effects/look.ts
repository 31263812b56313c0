import type { Close, LookAnswer } from '../../../state-machines/remediation.ts'
import { neverOf } from '../../policy/never.ts'
import { close } from '../close.ts'
import { inspect, type Session } from '../drive/driven.ts'
import { takeHolds } from '../undo/box-changes.ts'
import { decidePlan } from './decide-plan.ts'
import { isUnreadable, permitOf, rule, type SeenByRules, takeParameters, undecidable } from './ruling.ts'

/**
 * Reads the live resource, plans, and asks the policy. The epoch of the lock is read first, so that a claim can tell
 * whether anybody changed the resource since.
 */
export async function look(session: Session): Promise<LookAnswer> {
  const { run, ports, playbook, reader } = session
  const wrong = await wrongAccount(session)
  if (wrong) return wrong
  if (run.intent === 'apply') session.epoch = (await ports.store.lock(run.resource)).epoch

  takeParameters(session, rule(session))
  let seen = await inspect(session, true)
  if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  const ruling = rule(session, seen)
  // Its parameters are not known either: what they would make of the resource would be a guess.
  const undecided = undecidable(session, ruling, seen)
  if (undecided !== undefined) return close('blocked', undecided)
  if (takeParameters(session, ruling)) {
    seen = await inspect(session, true)
    if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  }
  const planned = playbook.plan(seen.state, run.findings, run.parameters, run.target, neverOf(session.policy))
  run.lookedAt = seen.at
  if (planned.kind === 'notApplicable') return close('notApplicable', planned.reason)
  if (planned.kind === 'compliant') {
    const { permit } = permitOf(session, ruling)
    takeHolds(session, permit === 'auto' || permit === 'approve' ? planned.holds : undefined)
    if (planned.unproven !== undefined) return close('unverified', planned.unproven)
    run.verifiedAt = run.lookedAt
    return close('alreadyCompliant', planned.reason ?? 'nothing is left to do')
  }

  const { cautions: ofImpact = [], ...impact } = await playbook.impact(
    seen.state,
    reader,
    run.target,
    planned,
    run.parameters,
  )
  const cautions = [...(planned.cautions ?? []), ...ofImpact]
  const doubt = planned.unproven === undefined ? [] : [`cannot be proven afterwards: ${planned.unproven}`]
  const warnings = [
    ...cautions,
    ...(planned.warnings ?? []),
    ...doubt,
    ...unreadWarning(seen.tags),
    ...new Set(session.warnings),
  ]
  takeHolds(session, planned.holds)
  return decidePlan(session, { ...planned, warnings, cautions, impact }, ruling)
}

/** Credentials of another account can only do harm: nothing is read, nothing is changed. */
export async function wrongAccount({ run, ports }: Session): Promise<Close | undefined> {
  if (await ports.aws.reaches(run.account)) return undefined
  const identity = await ports.aws.identity()
  return close(
    'blocked',
    `wrong account: the finding is about account ${run.account}, the credentials (${identity.arn}) are of ${identity.account} and no role is configured for it`,
  )
}

/** Nobody asked for them, so the run goes on; what a playbook would have told of them is missing. */
function unreadWarning(tags: SeenByRules['tags']): string[] {
  return tags !== undefined && isUnreadable(tags) ? [`tags unreadable: ${tags.unreadable}`] : []
}
