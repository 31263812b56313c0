import { type Outcome, type Run, WENT_WRONG } from './run.ts'

/** Outcomes that somebody must look at. */
const TOLD: readonly (Outcome | null)[] = [...WENT_WRONG, 'blocked', 'notified']

/** Whether it waits for people to decide. */
export const asks = (run: Run) => run.state === 'waiting' && run.waitingFor === 'approval'

/** Whether it asks, and this round has neither been decided about nor asked about once more. */
export function asksFirst(run: Run): boolean {
  const { asked, decisions, round } = run
  const isRepeated = asked?.reminded !== undefined || (asked?.level ?? 0) > 0
  return asks(run) && !isRepeated && !decisions.some((decision) => decision.round === round)
}

/** Whether it ended in a way that somebody must look at. */
export const isTold = (run: Run) => run.state === 'closed' && TOLD.includes(run.outcome)
