import type { Run } from '../../run/run.ts'
import { detectorsOf, endOfRun, remediationOf } from './run-facts.ts'

/** One run in a list of many: short, so that thousands of them may be held or written. */
export interface RunRow {
  run: string
  undoOf: string
  started: string
  ended: string
  playbook: string
  detectors: string
  account: string
  region: string
  resource: string
  name: string
  mode: string
  end: string
  /** Seconds from the finding, or the start, to the proof; empty where nothing was put right. */
  remediatedAfter: string
  /** What that is counted from: `finding` or `start`. */
  since: string
  undoneBy: string
  reason: string
}

/** Longest reason of a row, in characters. */
const MOST = 300

export function runRow(run: Run): RunRow {
  const remediation = remediationOf(run)
  return {
    run: run.id,
    undoOf: run.undoOf ?? '',
    started: run.startedAt,
    ended: run.endedAt ?? '',
    playbook: run.playbook,
    detectors: detectorsOf(run).join(' '),
    account: run.account,
    region: run.region,
    resource: run.resource,
    name: run.name ?? '',
    mode: run.mode ?? '',
    end: endOfRun(run),
    remediatedAfter: remediation === undefined ? '' : String(Math.round(remediation.ms / 1_000)),
    since: remediation?.from ?? '',
    undoneBy: run.undoneBy ?? '',
    reason: run.reason.length > MOST ? `${run.reason.slice(0, MOST)}…` : run.reason,
  }
}

/** The columns of the list, in their order. */
export const RUN_COLUMNS = [
  ...(['run', 'undoOf', 'started', 'ended', 'playbook', 'detectors', 'account', 'region'] as const),
  ...(['resource', 'name', 'mode', 'end', 'remediatedAfter', 'since', 'undoneBy', 'reason'] as const),
] satisfies (keyof RunRow)[]
