import { mayDecide } from '../../policy/approvers.ts'
import type { Run } from '../../run/run.ts'
import { isDecided } from '../../run/tally.ts'

/**
 * Whether a run that this identity asked for, and confirms by asking, waits for other people: it may not decide about it,
 * or its word alone is not enough.
 * @param by IAM ARN
 */
export function waitsForOthers(by: string): (run: Run) => boolean {
  return (run) => {
    if (run.waitingFor !== 'approval' || isDecided(run)) return false
    const mayNot = run.approval !== undefined && !mayDecide(run.approval, by)
    return mayNot || run.decisions.some((decision) => decision.by === by)
  }
}
