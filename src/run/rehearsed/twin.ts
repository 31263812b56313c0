import type { Outcome } from '../../../state-machines/effects.ts'
import type { Json } from '../../playbook/json.ts'

/**
 * - `agrees`: the plan for the copy changes just what that for the resource does, its calls put the copy right, and it was taken back
 * - `disagrees`: it was not put right there, or by other calls, or what was before did not come back; or the plan for the copy is
 *   another though all reads were answered alike
 * - `notShown`: the emulators do not keep or know something that it takes
 * - `notCopied`: what the look read could not be made there, or is too much for it
 */
export const TWIN_STATUSES = ['agrees', 'disagrees', 'notShown', 'notCopied'] as const
export type TwinStatus = (typeof TWIN_STATUSES)[number]

/** A field in which two things that should be the same are not; an absent side does not have it. */
export interface Difference {
  /** `before.rules[0].id` */
  field: string
  expected?: Json
  twin?: Json
}

/** What became of a run's plan when it was carried out on a copy of its resource: its twin, in the sandbox's emulators. */
export interface Twin {
  status: TwinStatus
  /** Why, one line for a person. */
  why: string
  /** IAM actions of the calls by which the copy was made, each once. */
  copied: string[]
  /** What no look had read and the plan's calls take for granted: it was made there all the same. */
  assumed: string[]
  /** IAM actions of reads of which nothing was made, and of calls of the copy that the emulators refused; and why. */
  notCopied: { action: string; why: string }[]
  /** Fields of what the look read that the emulators answer otherwise: `rds:DescribeDBInstances DBInstances[].Endpoint`. */
  notShown: string[]
  /** Where the plan for the twin is not that of the run: all that its hash is made of, its impact and its warnings. */
  plan: Difference[]
  /** How it ended there, and the calls that were sent, as IAM actions; absent: it was not carried out. */
  applied?: { outcome: Outcome | null; reason: string; calls: string[] }
  /** How it was taken back there, and where it is not as it was before; absent: it was not tried. */
  undone?: {
    outcome: Outcome | null
    reason: string
    /** Of what the plan says of before. */
    differs: Difference[]
    /** Fields of what the look reads that are others than before: what an undo leaves, ids and times that are given anew. */
    notAsBefore: string[]
  }
}
