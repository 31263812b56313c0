import { slackUserOf } from '../../run/identity.ts'
import type { Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'

/** How long a hole was known to be open, and since when that is counted. */
export interface Remediation {
  ms: number
  from: 'finding' | 'start'
}

/**
 * From when the detector saw it, else from the run's start, to the re-read that proved it closed. A detector whose clock
 * says that it saw it after that is not believed. Undefined where nothing was put right.
 */
export function remediationOf({
  outcome,
  undoOf,
  verifiedAt,
  startedAt,
  findings,
}: Run): Remediation | undefined {
  if (outcome !== 'remediated' || undoOf !== undefined || verifiedAt === undefined) return undefined
  const end = Date.parse(verifiedAt)
  const seen = findings.map(({ observedAt }) => Date.parse(observedAt)).filter((at) => at <= end)
  if (seen.length > 0) return { ms: end - seen.reduce((first, at) => Math.min(first, at)), from: 'finding' }
  const ms = end - Date.parse(startedAt)
  return ms >= 0 ? { ms, from: 'start' } : undefined
}

/** ms from when people were asked, in the last round, to the word that decided; undefined where nobody has decided. */
export function decidedAfter(run: Run): number | undefined {
  if (run.asked === undefined) return undefined
  const { declined, full } = tally(run)
  const decision = declined ?? full
  const ms = decision === undefined ? Number.NaN : Date.parse(decision.at) - Date.parse(run.asked.at)
  return ms >= 0 ? ms : undefined
}

/** Whether somebody was asked about it, ever. */
export const wasAsked = ({ asked, decisions }: Run): boolean => asked !== undefined || decisions.length > 0

/** Whether the asking was done in Slack. */
export const wasAskedInSlack = (run: Run): boolean =>
  wasAsked(run) &&
  (run.approval?.channel !== undefined || run.decisions.some(({ by }) => slackUserOf(by) !== undefined))

/** A person who was asked said that it is to be left alone. */
export const isExemptedByPerson = (run: Run): boolean =>
  run.outcome === 'exempted' && tally(run).declined?.verdict === 'exempt'

/** The detectors that reported it, each once, in order; `none` where a person named the resource without a finding. */
export function detectorsOf({ findings }: Run): string[] {
  const sources = [...new Set(findings.map(({ source }) => source as string))].sort()
  return sources.length > 0 ? sources : ['none']
}

/** Where it stands: its outcome, or `held`, `asking`, `waiting`, `open` while it has none. */
export function endOfRun({ outcome, state, heldBy, waitingFor }: Run): string {
  if (outcome !== null) return outcome
  if (heldBy !== undefined) return 'held'
  return waitingFor === 'approval' ? 'asking' : state
}
