import type { HoldingRail } from '../../state-machines/effects.ts'
import type { Finding, Severity } from '../findings/finding.ts'
import { severestOf } from '../findings/finding.ts'
import type { Run } from './run.ts'

/** Runs that wait for the lock on a resource. */
export const waitersOf = (resource: string): string => `lock ${resource}`
/** Runs that a guard rail holds; of a limit, which lets the severest go first, by how severe they are. */
export const heldBy = (rail: Exclude<HoldingRail, 'limit'>): string => `held ${rail}`
export const heldByLimit = (severity: Severity): string => `held limit ${severity}`
/** A person's undo of a run that is under way. */
export const undoesOf = (run: string): string => `undo ${run}`
/** A person's unblocking of an entry of a set that is under way. */
export const unblocksOf = (resource: string, entry: string): string => `unblock ${resource} ${entry}`
/** Runs of a playbook to which a finding led that does not name their resource. */
export const runsOfFinding = (playbook: string, finding: string): string => `${FINDING}${playbook} ${finding}`
const FINDING = 'finding '

/**
 * Whether a run that has ended may go on being found by a key, until it leaves the store: who asks by a finding looks
 * whether the run has ended, and there may be any number of findings.
 */
export const mayBeLeft = (key: string): boolean => key.startsWith(FINDING)

/** The keys under which a run is found as it stands; none once it has ended. */
export function foundBy(run: Readonly<Run>): string[] {
  if (run.state === 'closed') return []
  const { undoOf, expiry, unblocks, resource, waitingFor } = run
  const waiting = waitingFor === 'lock' ? [waitersOf(resource)] : foundWhileHeld(run)
  if (undoOf === undefined) return [...waiting, ...foundByFindings(run, run.findings)]
  if (expiry) return waiting
  return [...waiting, ...(unblocks?.map((entry) => unblocksOf(resource, entry)) ?? [undoesOf(undoOf)])]
}

function foundWhileHeld({ waitingFor, findings }: Readonly<Run>): string[] {
  switch (waitingFor) {
    case 'pause':
    case 'freeze':
    case 'breaker':
      return [heldBy(waitingFor)]
    case 'limit':
      return [heldByLimit(severestOf(findings))]
    default:
      return []
  }
}

/** The keys under which findings find a run that they lead to without naming its resource; each once. */
export function foundByFindings(
  run: Pick<Run, 'playbook' | 'target' | 'undoOf'>,
  findings: readonly Finding[],
): string[] {
  if (run.undoOf !== undefined) return []
  const unnamed = findings.filter((finding) => !names(finding, run))
  return [...new Set(unnamed.map(({ id }) => runsOfFinding(run.playbook, id)))]
}

/** Whether a finding names the resource of a run: its next report leads to the run by the resource. */
export function names({ resources }: Finding, { target }: Pick<Run, 'target'>): boolean {
  return resources.some(
    ({ id, arn }) => id === target.id || id === target.resource || arn === target.resource,
  )
}
