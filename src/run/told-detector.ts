import type { Finding } from '../findings/finding.ts'

/** The detectors that can be told what became of their findings, as the policy's `tell` names them. */
export const TOLD_DETECTORS = ['securityhub', 'guardduty', 'config', 'accessanalyzer'] as const
export type ToldDetector = (typeof TOLD_DETECTORS)[number]

/** That a detector was told how a run ended, or why it was not: the last attempt. */
export interface ToldEnd {
  to: ToldDetector
  /** The one finding that it is about, which came after the run's end; absent: the findings of the run. */
  late?: Finding
  /** ISO 8601 UTC. */
  at: string
  ok: boolean
  /** What it has been told: a word of its own (`RESOLVED`, `archived`), or `nothing`. Absent where that failed. */
  said?: string
  /** Why it was not told, or why nothing was said: a sentence. */
  reason?: string
}

/** What tells the words of one run apart; never changed afterwards. */
export function toldName({ to, late }: Pick<ToldEnd, 'to' | 'late'>): string {
  return late === undefined ? to : `${to} ${late.id}`
}
