import type { Decision, Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import type { Happening } from '../drive/machine.ts'

/** What the recorded decisions of the current round come to; undefined while the quorum is not reached. */
export function afterDecisions(run: Run): Happening | undefined {
  const { declined, full } = tally(run)
  if (declined?.verdict === 'exempt') return { type: 'exempted', reason: exemptText(declined) }
  if (declined) return { type: 'declined', reason: withReason(`declined by ${declined.by}`, declined) }
  return full && { type: 'approved' }
}

function exemptText(exempted: Decision): string {
  return withReason(`exempted by ${exempted.by} until ${exempted.until}`, exempted)
}

function withReason(what: string, { reason }: Decision): string {
  return reason ? `${what}: ${reason}` : what
}
