import type { Step } from '../../playbook/step.ts'
import { mayHaveChanged, type Run } from '../../run/run.ts'
import { isAllOfOthers } from './own-part.ts'

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

/** Whether a run has changed something that can be taken back, and nobody has. */
export function canBeUndone(run: Run): boolean {
  const hasChanged = run.state === 'closed' && run.changedAt !== undefined
  if (!hasChanged || run.undoOf !== undefined || run.undoneBy !== undefined) return false
  return appliedSteps(run).some(({ undo }) => Array.isArray(undo))
}
