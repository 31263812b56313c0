import { type Close, close, type Planned } from '../../../state-machines/effects.ts'
import { type Plan, planHash } from '../../playbook/plan.ts'
import { fillArn } from '../../playbook/resource/fill-arn.ts'
import type { Step } from '../../playbook/step.ts'
import type { Ruling } from '../../policy/rules.ts'
import { durationMs } from '../../policy/written-durations.ts'
import type { Drive } from '../drive/drive.ts'
import type { Effect, RunFacts } from '../drive/facts.ts'
import { cautious } from './cautious.ts'
import { modeOf, permitOf, stricter } from './ruling.ts'

/** Most that a run may weigh with its plan, in bytes of JSON: a store takes 300 kB, results and decisions included. */
const MAX_PLANNED_BYTES = 280_000

/** What was planned, before the policy has a word on it. */
export type PlannedChange = Omit<
  Plan,
  'hash' | 'playbook' | 'resource' | 'account' | 'region' | 'cautions'
> & { cautions: readonly string[] }

/**
 * Makes what was planned the run's plan, and says what the policy permits with it. A permission that was given before
 * may only get stricter, and with a caution a person is asked.
 */
export async function* decidePlan(
  drive: Drive,
  planned: PlannedChange,
  given: Ruling,
): Effect<Planned | Close> {
  const { run } = drive
  const decided = run.plan === null ? undefined : drive.permit
  const { cautions } = planned
  const plan = planFor(drive, planned)
  const bytes = Buffer.byteLength(JSON.stringify({ ...run, plan, results: [] }))
  if (bytes > MAX_PLANNED_BYTES) {
    yield { run: { plan: null, results: [] } }
    const size = `the run would weigh ${Math.ceil(bytes / 1000)} kB`
    return close('blocked', `the plan is too large to be stored: ${size}`)
  }
  const ruling = cautious(given, cautions, run.approval)
  const { permit, mode, reason } = permitOf(drive, ruling)
  const now = decided === undefined ? permit : stricter(permit, decided)
  const isUnchanged = now === permit
  // The terms of a rule that would ask nobody are not those of a run that has to ask.
  const approval = isUnchanged || !run.approval ? ruling.approval : run.approval
  const facts: RunFacts = {
    plan,
    results: [],
    ruling: saidBy(ruling),
    approval,
    mode: isUnchanged ? mode : modeOf(now),
    reason,
  }
  yield { run: facts, memory: { permit: now } }
  return {
    kind: 'planned',
    permit: now,
    reason,
    dryRunFirst: plan.steps.length > 1 || now === 'approve',
    expiresInMs: durationMs(approval.expiresAfter),
  }
}

const saidBy = ({ mode, reason, by }: Ruling): RunFacts['ruling'] => ({ mode, reason, ...(by && { by }) })

function planFor({ run, place }: Drive, planned: PlannedChange): Plan {
  const { playbook, resource, account, region, target } = run
  const at = { ...place, id: target.id }
  const permissionsAt = (step: Step): Step => ({
    ...step,
    permissions: step.permissions.map(({ action, resource }) => ({
      action,
      resource: fillArn(resource, at),
    })),
  })
  const { before, after, impact, warnings, cautions, managedBy, unproven, late } = planned
  const body: Omit<Plan, 'hash'> = {
    playbook,
    resource,
    account,
    region,
    steps: planned.steps.map(permissionsAt),
    before,
    after,
    impact,
    warnings,
    ...(cautions.length > 0 && { cautions: [...cautions] }),
    ...(managedBy !== undefined && { managedBy }),
    ...(unproven !== undefined && { unproven }),
    ...(late !== undefined && { late }),
  }
  return { ...body, hash: planHash(body) }
}
