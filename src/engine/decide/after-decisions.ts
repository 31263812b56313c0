import type { Decision, Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import type { Happening } from '../drive/machine.ts'

/** What the recorded decisions of the current round come to; undefined while the quorum is not reached. */
export function afterDecisions(run: Run): Happening | undefined {
  const { declined, full } = tally(run)
  if (declined) return { type: 'declined', reason: declineText(declined) }
  return full && { type: 'approved' }
}

function declineText({ by, reason }: Decision): string {
  return reason ? `declined by ${by}: ${reason}` : `declined by ${by}`
}
