import { type Outcome, type Run, WENT_WRONG } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'

/** Where a run stands, as a card tells it. */
export type Stage =
  | 'asking'
  /** The time to decide is over, and nothing has been written of it yet. */
  | 'late'
  /** Enough people have approved, and it has not been claimed yet. */
  | 'starting'
  /** Declined or exempted, and not closed yet. */
  | 'ending'
  | 'looking'
  | 'queued'
  | 'applying'
  | 'settling'
  /** A guard rail holds it. */
  | 'held'
  | 'closed'
  /** Of a kind that this version does not know. */
  | 'unknown'

/** @param now ms since 1970 */
export function stageOf(run: Run, now: number): Stage {
  if (run.state === 'closed') return run.outcome === null ? 'unknown' : 'closed'
  if (run.state === 'open') return run.changedAt !== undefined ? 'applying' : (started(run) ?? 'looking')
  if (run.state !== 'waiting') return 'unknown'
  if (run.heldBy) return 'held'
  switch (run.waitingFor) {
    case 'approval':
      return askingStage(run, now)
    case 'lock':
      return 'queued'
    case 'settling':
      return 'settling'
    default:
      return 'unknown'
  }
}

function askingStage(run: Run, now: number): Stage {
  const decided = started(run)
  if (decided) return decided
  if (run.plan === null) return 'unknown'
  // Left out or not readable: nobody can say that there is time left.
  return Date.parse(run.waitingUntil ?? '') > now ? 'asking' : 'late'
}

function started(run: Run): Stage | undefined {
  const { declined, full } = tally(run)
  if (declined) return 'ending'
  return full && 'starting'
}

const WELL: readonly (Outcome | null)[] = ['remediated', 'alreadyCompliant', 'undone', 'rehearsed']

/** How an outcome is to be taken at a glance. */
export function outcomeSign(outcome: Outcome | null): string {
  if (WELL.includes(outcome)) return '✅'
  if (WENT_WRONG.includes(outcome)) return '❌'
  return outcome === 'blocked' ? '⛔' : '⚪'
}
