import type { Close, LookAnswer } from '../../state-machines/remediation.ts'
import type { Tags } from '../playbook/playbook.ts'
import { close } from './close.ts'
import { decidePlan } from './decide-plan.ts'
import { takeHolds } from './holds.ts'
import { neverOf } from './never.ts'
import { permitOf, rule, takeParameters } from './ruling.ts'
import { inspect, type Session } from './session.ts'

/**
 * Reads the live resource, plans, and asks the policy. The epoch of the lock is read first, so that a claim can tell
 * whether anybody changed the resource since.
 */
export async function look(session: Session): Promise<LookAnswer> {
  const { run, ports, playbook, reader } = session
  const wrong = await wrongAccount(session)
  if (wrong) return wrong
  if (run.intent === 'apply') session.epoch = (await ports.store.lock(run.resource)).epoch

  takeParameters(session, rule(session, 'unread'))
  let seen = await inspect(session, true)
  if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  const tags: Tags | { unreadable: string } = seen.tags ?? {}
  if (isUnreadable(tags))
    return close('blocked', `cannot evaluate policy: tags unreadable: ${tags.unreadable}`)

  const ruling = rule(session, tags)
  if (takeParameters(session, ruling)) {
    seen = await inspect(session, true)
    if (!seen) return close('resourceGone', 'the resource is gone (looked twice)')
  }
  const planned = playbook.plan(seen.state, run.findings, run.parameters, run.target, neverOf(session.policy))
  run.lookedAt = seen.at
  if (planned.kind === 'notApplicable') return close('notApplicable', planned.reason)
  if (planned.kind === 'compliant') {
    run.verifiedAt = run.lookedAt
    const { permit } = permitOf(session, ruling)
    takeHolds(session, permit === 'auto' || permit === 'approve' ? planned.holds : undefined)
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
  const warnings = [...cautions, ...(planned.warnings ?? []), ...new Set(session.warnings)]
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

function isUnreadable(tags: Tags | { unreadable: string }): tags is { unreadable: string } {
  return 'unreadable' in tags && Object.keys(tags).length === 1
}
