import type { Json } from './json.ts'

/** What has been seen since a step was sent: facts for `settle` and `proof`. */
export interface Sent {
  /** ISO 8601 UTC: when the first change of the run was sent. */
  at: string
  /** Per step id what the call answered (`CommandId` ...). */
  details: Record<string, Json>
  /** Per step id how what it started ended, where that was not well. */
  faults?: Record<string, string>
}

/** How a change that was seen live did not come out as planned. */
export type Unproven = { kind: 'unverified'; reason: string } | { kind: 'failed'; reason: string }

/** How a change that AWS reports elsewhere stands; `otherwise`: what it comes to if nothing else is seen in time. */
export type Proof = { kind: 'proven' } | { kind: 'notYet'; otherwise?: Unproven } | Unproven

/**
 * How something that a step started stands. A `fault` is what it said of itself when it ended badly: what that means
 * is for the proof to say, because the live resource outranks it.
 */
export type Settled = { kind: 'running' } | { kind: 'ended'; fault?: string }
