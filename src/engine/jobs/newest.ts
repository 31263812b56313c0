import type { Finding } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'
import { covers } from './evidence.ts'

/** What a new or updated finding does, given the newest run of its key. */
export type Disposition =
  /** Joins the run that is under way. */
  | { kind: 'attach'; run: Run }
  /** That run has already proven what this finding asks for. */
  | { kind: 'covered'; run: Run }
  /** An undo, or a person who exempted it, lets the key rest: a run that is only recorded. */
  | { kind: 'resting'; run: Run }
  /** A run of its own; the same plan as a declined one stays silent until then (ms since 1970, UTC). */
  | { kind: 'new'; silenced?: { hash: string; until: number; run: Run } }

/** How long the same plan is not asked about again after somebody declined it, or nobody answered. */
const SILENCE_MS = 7 * 24 * 3600 * 1000

/** How the reason of a run begins whose re-read found work that nobody had planned: a new run takes it up. */
export const CHANGED_MEANWHILE = 'changed meanwhile: the re-read found other work than was planned'

/** What the newest run of (playbook, key) makes of findings for that key. Pure. */
export function dispositionOf(
  newest: Run | undefined,
  findings: readonly Finding[],
  now: number,
): Disposition {
  if (!newest) return { kind: 'new' }
  if (newest.state !== 'closed') return { kind: 'attach', run: newest }
  switch (newest.outcome) {
    case 'remediated':
    case 'alreadyCompliant': {
      const verified = newest.verifiedAt ?? ''
      const known = findings.every(
        (finding) => verified >= finding.observedAt && covers(newest.findings, finding),
      )
      return known ? { kind: 'covered', run: newest } : { kind: 'new' }
    }
    case 'declined':
    case 'expired': {
      const until = Date.parse(newest.endedAt ?? newest.startedAt) + SILENCE_MS
      if (!newest.plan || now >= until) return { kind: 'new' }
      return { kind: 'new', silenced: { hash: newest.plan.hash, until, run: newest } }
    }
    // Of exemptions only those of a part of a resource have an end here: others are the policy's and the store's to say.
    case 'undone':
    case 'exempted':
      return now < Date.parse(newest.restUntil ?? '') ? { kind: 'resting', run: newest } : { kind: 'new' }
    default:
      return { kind: 'new' }
  }
}
