import { NO_IMPACT, type Plan, planHash } from '../../src/playbook/plan.ts'
import type { PlannedSteps, PlanResult } from '../../src/playbook/planned.ts'

/** What a playbook has planned, which must be steps. */
export function steps(planned: PlanResult): PlannedSteps {
  if (planned.kind !== 'steps') throw new TypeError(`expected steps, got ${JSON.stringify(planned)}`)
  return planned
}

/** The plan that the engine makes of it, where nothing is impaired. */
export function planAbout(
  about: Pick<Plan, 'playbook' | 'resource' | 'account' | 'region'>,
  { steps, before, after, warnings = [] }: PlannedSteps,
): Plan {
  const plan = { ...about, steps, before, after, impact: NO_IMPACT, warnings }
  return { ...plan, hash: planHash(plan) }
}
