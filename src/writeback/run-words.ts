/** What is to be told to detectors of a run that has ended. Pure. */
import type { Finding } from '../findings/finding.ts'
import { type Outcome, type Run, WENT_WRONG } from '../run/run.ts'
import type { ToldDetector } from '../run/told-detector.ts'

/**
 * What a run means to whoever reported its findings.
 *
 * - `solved`: seen that nothing is wrong any more
 * - `unsolved`: it is still wrong, and people know
 * - `left`: it is still wrong, and that is wanted for a time
 * - `reopened`: what was solved was taken back
 */
export type Meaning = 'solved' | 'unsolved' | 'left' | 'reopened'

/** One word to one detector, about all of its findings in a run. */
export interface Word {
  to: ToldDetector
  meaning: Meaning
  findings: Finding[]
  /** Id of the run. */
  run: string
  /** How it ended and why, in one line. */
  text: string
  /** ISO 8601 UTC: until when it is known to be so; what the detector has seen later is newer. */
  asOf: string
}

/** Whether there may be something to tell of a run, whatever its findings are. */
export function mayBeTold(run: Run): boolean {
  return run.tell !== undefined && run.tell.length > 0 && meaningOf(run) !== undefined
}

/** Whether both are what one detector says of one thing: GuardDuty's own and its copy in Security Hub are not. */
export function isSameReport(one: Finding, other: Finding): boolean {
  return one.id === other.id && detectorOf(one) === detectorOf(other)
}

/**
 * The words of a run. None for one that only looked (a plan, a rehearsal), that was none of Rectify's business
 * (`notApplicable`, `off`), or whose policy does not say so; and none for the planned end of a time-boxed block, which
 * takes nothing back.
 */
export function wordsOf(run: Run): Word[] {
  const meaning = meaningOf(run)
  if (meaning === undefined) return []
  const byDetector = Map.groupBy(run.findings, (finding) => detectorOf(finding))
  return (run.tell ?? []).flatMap((to): Word[] => {
    const findings = byDetector.get(to) ?? []
    if (findings.length === 0 || !concerns(to, meaning, run)) return []
    const asOf = run.verifiedAt ?? run.endedAt ?? run.startedAt
    return [{ to, meaning, findings, run: run.id, text: `${run.outcome}: ${run.reason}`, asOf }]
  })
}

const MEANINGS: Partial<Record<Outcome, Meaning>> = {
  remediated: 'solved',
  alreadyCompliant: 'solved',
  resourceGone: 'solved',
  failed: 'unsolved',
  unverified: 'unsolved',
  rolledBack: 'unsolved',
  blocked: 'unsolved',
  declined: 'unsolved',
  expired: 'unsolved',
  notified: 'unsolved',
  // Not suppressed: an exemption has an end and speaks of one playbook; what is suppressed is out of everybody's sight.
  exempted: 'left',
}

function meaningOf(run: Run): Meaning | undefined {
  const { state, intent, outcome, undoOf, expiry, changedAt } = run
  if (state !== 'closed' || intent !== 'apply' || outcome === null || expiry) return undefined
  if (undoOf === undefined) return MEANINGS[outcome]
  // In doubt it is open again. An undo that changed nothing leaves it as it was.
  const mayBeOpen = outcome === 'undone' || (changedAt !== undefined && WENT_WRONG.includes(outcome))
  return mayBeOpen ? 'reopened' : undefined
}

/** Whom a finding is answered to: whoever passed it on, for that is where people look at it. */
function detectorOf({ source, via, type, evidence, origin }: Finding): ToldDetector | undefined {
  if (via === 'securityhub' || source === 'securityhub')
    return origin?.product === undefined ? undefined : 'securityhub'
  if (source === 'guardduty') return 'guardduty'
  // A changed item is no rule's word, though a custom rule may have handed it on.
  if (source === 'config')
    return evidence.ruleName === undefined || type.startsWith('item:') ? undefined : 'config'
  // Only analyzers of external access scan when they are asked to (API reference, StartResourceScan).
  const scans = source === 'accessanalyzer' && type.startsWith('ExternalAccess')
  return scans && origin?.analyzer !== undefined ? 'accessanalyzer' : undefined
}

/** Of what a detector can be told: Security Hub of everything, GuardDuty of an end, the others that something changed. */
function concerns(to: ToldDetector, meaning: Meaning, { changedAt }: Run): boolean {
  if (to === 'securityhub') return true
  if (meaning === 'unsolved' || meaning === 'left') return false
  return to === 'guardduty' || changedAt !== undefined
}
