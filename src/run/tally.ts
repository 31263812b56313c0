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

/**
 * Counts the decisions about a run's plan as it stands, made in its current round: a new round or another plan voids
 * those before. How many approvals it takes is what the run's terms say.
 * @param counts which of them count; left out: all that were recorded
 */
export function tally(run: Run, counts: (decision: Decision) => boolean = () => true): Tally {
  const current = run.decisions.filter(
    (made) => made.hash === run.plan?.hash && (made.round ?? run.round) === run.round && counts(made),
  )
  const declined = current.find(({ verdict }) => verdict !== 'approve')
  const who = (made: Decision) => countedAs(run, made)
  const approvals = current
    .filter(({ verdict }) => verdict === 'approve')
    .filter((made, index, all) => all.findIndex((other) => who(other) === who(made)) === index)
  const quorum = run.approval?.quorum ?? 1
  const full = approvals[quorum - 1]
  return { approvals, quorum, ...(declined && { declined }), ...(full && { full }) }
}
