import type { Run } from '../../run/run.ts'
import { detectorsOf, endOfRun, remediationOf } from './run-facts.ts'

/** The columns of a list of runs. */
export const RUN_COLUMNS = [
  ...['run', 'undoOf', 'started', 'ended', 'playbook', 'detectors', 'account', 'region', 'resource', 'name'],
  ...['mode', 'end', 'secondsToRemediate', 'countedFrom', 'undoneBy', 'reason'],
] as const

/** One run in that list; null where there is nothing. Times are ISO 8601 UTC. */
export function runCells(run: Run): (string | number | null)[] {
  const { undoOf = null, endedAt = null, name = null, undoneBy = null } = run
  const remediation = remediationOf(run)
  return [
    ...[run.id, undoOf, run.startedAt, endedAt, run.playbook, detectorsOf(run).join(' ')],
    ...[run.account, run.region, run.resource, name, run.mode, endOfRun(run)],
    remediation === undefined ? null : Math.round(remediation.ms / 1_000),
    remediation?.from ?? null,
    ...[undoneBy, run.reason],
  ]
}
