import type { Decision, Run } from '../../run/run.ts'
import type { DecisionResult } from '../../run/store.ts'
import { iso } from '../drive/facts.ts'
import type { EnginePorts } from '../ports.ts'

/** What became of a decision. */
export type Recorded =
  /** `run` has all decisions now; `afterDecisions` says what they come to. */
  | { kind: 'recorded'; run: Run }
  /** Another decision stands; `stored` is the run with it. */
  | { kind: 'decided'; decision: Decision; stored: Run | undefined }
  | Extract<DecisionResult, { kind: 'notWaiting' | 'late' | 'otherHash' }>

/**
 * Records a decision about a run's plan as it stands: the only place that does, whoever decides and by whatever way.
 * Whether they may is for the caller to have asked.
 */
export async function recordDecision(
  { store, clock }: Pick<EnginePorts, 'store' | 'clock'>,
  run: Run,
  { verdict, by, reason }: Pick<Decision, 'verdict' | 'by'> & { reason?: string | undefined },
): Promise<Recorded> {
  const now = clock.now()
  const hash = run.plan?.hash ?? ''
  const decision: Decision = { verdict, by, at: iso(now), hash, ...(reason && { reason }) }
  const result = await store.decide(run.id, decision, now)
  switch (result.kind) {
    case 'recorded':
      return { kind: 'recorded', run: { ...run, decisions: result.decisions } }
    case 'decided':
      return { ...result, stored: await store.get(run.id) }
    default:
      return result
  }
}
