import { type Outcome, type Run, WENT_WRONG } from './run.ts'

/** Outcomes that somebody must look at. */
const TOLD: readonly (Outcome | null)[] = [...WENT_WRONG, 'blocked', 'notified']

/** Whether it waits for people to decide. */
export const asks = (run: Run) => run.state === 'waiting' && run.waitingFor === 'approval'

/** Whether it asks, and this round has not been asked about once more, by a reminder or a further level. */
export const asksAnew = (run: Run) =>
  asks(run) && run.asked?.reminded === undefined && (run.asked?.level ?? 0) === 0

/** Whether it asks, and nobody has been heard in this round. */
export const asksFirst = (run: Run) =>
  asksAnew(run) && !run.decisions.some((decision) => decision.round === run.round)

/** Whether it ended in a way that somebody must look at. */
export const isTold = (run: Run) => run.state === 'closed' && TOLD.includes(run.outcome)

/**
 * Whether it ended in a way that its channel sees: also how that ended about which people were asked, though nobody saw
 * it in time.
 */
export const isShown = (run: Run) => isTold(run) || (run.state === 'closed' && run.asked !== undefined)
