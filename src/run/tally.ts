import { countedAs } from './people.ts'
import type { Decision, Run } from './run.ts'

/** What the decisions of a run come to. */
export interface Tally {
  /** The first decline or exemption. */
  declined?: Decision
  /** The first approval of each person (`countedAs`), in order. */
  approvals: Decision[]
  /** How many of them it takes. */
  quorum: number
  /** The approval that made the quorum full. */
  full?: Decision
}

/** Whether the decisions about a run's plan as it stands come to something. */
export function isDecided(run: Run): boolean {
  const { declined, full } = tally(run)
  return (declined ?? full) !== undefined
}

/** The decisions about a run's plan as it stands, made in its current round: others are void. */
export function currentDecisions({ decisions, plan, round }: Run): Decision[] {
  return decisions.filter((made) => made.hash === plan?.hash && (made.round ?? round) === round)
}

/**
 * Counts the current decisions of a run. How many approvals it takes is what the run's terms say.
 * @param counts which of them count; left out: all that were recorded
 */
export function tally(run: Run, counts: (decision: Decision) => boolean = () => true): Tally {
  const current = currentDecisions(run).filter(counts)
  const declined = current.find(({ verdict }) => verdict !== 'approve')
  const who = (made: Decision) => countedAs(run, made)
  const approvals = current
    .filter(({ verdict }) => verdict === 'approve')
    .filter((made, index, all) => all.findIndex((other) => who(other) === who(made)) === index)
  const quorum = run.approval?.quorum ?? 1
  const full = approvals[quorum - 1]
  return { approvals, quorum, ...(declined && { declined }), ...(full && { full }) }
}
