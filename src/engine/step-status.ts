import type { Step } from '../playbook/plan.ts'
import type { StepStatus } from '../playbook/playbook.ts'
import type { Session } from './session.ts'

/**
 * Where a step of the run's plan stands on a live state. A step of an undo that is no merge is judged by what it
 * restores: ids that AWS generates are new, so the ids of the first plan say nothing.
 */
export function stepStatus({ run, playbook, original }: Session, step: Step, state: unknown): StepStatus {
  if (!original || step.merge) return playbook.status(step, state, run.plan!)
  const now = playbook.observe(state, original.plan!)
  if (playbook.same(now, run.plan!.after)) return 'done'
  return playbook.same(now, run.plan!.before) ? 'todo' : 'partly'
}
