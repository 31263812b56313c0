import type { Close, LookAnswer } from '../../state-machines/remediation.ts'
import { type Plan, planHash } from '../playbook/plan.ts'
import type { Compliant, Tags } from '../playbook/playbook.ts'
import { durationMs } from '../policy/durations.ts'
import type { HoldChange } from '../store/store.ts'
import { neverOf } from './never.ts'
import { modeOf, permitOf, rule, stricter, takeParameters } from './ruling.ts'
import { inspect, type Session } from './session.ts'

export const close = (outcome: Close['outcome'], reason: string): Close => ({
  kind: 'close',
  outcome,
  reason,
})

/** Most that a run may weigh with its plan, in bytes of JSON: a store takes 300 kB, results and decisions included. */
const MAX_PLANNED_BYTES = 280_000

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

  const decided = run.plan === null ? undefined : session.permit
  const impact = await playbook.impact(seen.state, reader, run.target)
  const body: Omit<Plan, 'hash'> = {
    playbook: run.playbook,
    resource: run.resource,
    account: run.account,
    region: run.region,
    steps: planned.steps,
    before: planned.before,
    after: planned.after,
    impact,
    warnings: [...(planned.warnings ?? []), ...new Set(session.warnings)],
  }
  takeHolds(session, planned.holds)
  run.plan = { ...body, hash: planHash(body) }
  run.results = []
  const bytes = Buffer.byteLength(JSON.stringify(run))
  if (bytes > MAX_PLANNED_BYTES) {
    run.plan = null
    return close('blocked', `the plan is too large to be stored: the run would weigh ${Math.ceil(bytes / 1000)} kB`)
  }
  run.approval = ruling.approval
  const { permit, mode, reason } = permitOf(session, ruling)
  session.permit = decided === undefined ? permit : stricter(permit, decided)
  run.mode = session.permit === permit ? mode : modeOf(session.permit)
  run.reason = reason
  return {
    kind: 'planned',
    permit: session.permit,
    reason,
    dryRunFirst: planned.steps.length > 1 || session.permit === 'approve',
    expiresInMs: durationMs(ruling.approval.expiresAfter),
  }
}

/** Credentials of another account can only do harm: nothing is read, nothing is changed. */
export async function wrongAccount({ run, ports }: Session): Promise<Close | undefined> {
  const identity = await ports.aws.identity()
  if (identity.account === run.account) return undefined
  return close(
    'blocked',
    `wrong account: the finding is about account ${run.account}, the credentials (${identity.arn}) are of ${identity.account} and no role is configured for it`,
  )
}

function isUnreadable(tags: Tags | { unreadable: string }): tags is { unreadable: string } {
  return 'unreadable' in tags && Object.keys(tags).length === 1
}

/** Time-boxed entries that are there already: if they are ours, this run wants them there too. */
function takeHolds({ run }: Session, holds: Compliant['holds']): void {
  if (holds) run.holds = holds
  else delete run.holds
}

/** Holds that a run takes on entries that are already ours; it needs no change for them. */
export function holdsOfPresent({ run, ports }: Session): HoldChange[] {
  if (!run.holds) return []
  const until = ports.clock.now() + durationMs(run.holds.expiresAfter)
  return run.holds.entries.map((entry) => ({
    op: 'put',
    onlyIfOurs: true,
    hold: { resource: run.resource, entry, run: run.id, until, madeBy: run.id },
  }))
}
