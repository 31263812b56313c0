import { identityOf } from './identity.ts'
import type { Decision, Run } from './run.ts'

/** What the decisions of a run come to. */
export interface Tally {
  /** The first decline. */
  declined?: Decision
  /** The first approval of each identity (`identityOf`), in order. */
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
 * @param counts whose decisions count; left out: those of everybody whose decision was recorded
 */
export function tally(run: Run, counts: (by: string) => boolean = () => true): Tally {
  const current = run.decisions.filter(
    ({ hash, round, by }) => hash === run.plan?.hash && (round ?? run.round) === run.round && counts(by),
  )
  const declined = current.find(({ verdict }) => verdict === 'decline')
  const approvals = current
    .filter(({ verdict }) => verdict === 'approve')
    .filter((made, index, all) => all.findIndex(({ by }) => identityOf(by) === identityOf(made.by)) === index)
  const quorum = run.approval?.quorum ?? 1
  const full = approvals[quorum - 1]
  return { approvals, quorum, ...(declined && { declined }), ...(full && { full }) }
}
