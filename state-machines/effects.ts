/** What passes between the machine of a run and its driver: the effects by name, and what each answers. */

/** The effects, by name; each is carried out by the driver. `change` and only `change` changes anything. */
export type EffectName = 'look' | 'dryRun' | 'recheck' | 'change' | 'settle' | 'verify'

/** What the policy lets the run do: a mode, or that it may not; `exempted` and `blocked` end it. */
export type Permit = 'off' | 'notify' | 'rehearse' | 'approve' | 'auto' | 'exempted' | 'blocked'

/** How a run ended. */
export type Outcome =
  | 'remediated'
  | 'alreadyCompliant'
  | 'resourceGone'
  | 'notApplicable'
  | 'planned'
  | 'rehearsed'
  | 'notified'
  | 'off'
  | 'exempted'
  | 'blocked'
  | 'declined'
  | 'expired'
  | 'unverified'
  | 'failed'
  | 'rolledBack'
  | 'undone'

/** The run is over. */
export interface Close {
  kind: 'close'
  outcome: Outcome
  reason: string
}
/** The answer of an effect that ends the run. */
export const close = (outcome: Outcome, reason: string): Close => ({ kind: 'close', outcome, reason })

/** The guard rails that hold a run: it changes nothing now, and goes on by itself when they let it. */
export type HoldingRail = 'pause' | 'freeze' | 'limit' | 'breaker'

/** A guard rail holds the run. */
export interface Held {
  kind: 'held'
  /** ms until it asks again, unless somebody wakes it before. */
  pollMs: number
}

/** There is a plan, and this is what may be done with it. */
export interface Planned {
  kind: 'planned'
  permit: Permit
  reason: string
  /** Several steps, or a person's word on it: every call is dry-run before the first change. */
  dryRunFirst: boolean
  /** ms that an approval may take. */
  expiresInMs: number
}
/** The plan that was decided about is still the plan. */
export interface Clear {
  kind: 'clear'
}
export type LookAnswer = Close | Planned
/** `planned`: the live resource or the policy has changed since; decide again. */
export type RecheckAnswer = Clear | Close | Held | Planned
export interface DryRunAnswer {
  denied: boolean
  reason: string
}
/** `held`: what is not sent yet is sent when nothing holds the run any more. */
export type ChangeAnswer = { kind: 'applied' } | { kind: 'settling'; pollMs: number } | Close | Held
export type SettleAnswer = { kind: 'running'; pollMs: number } | { kind: 'ended' } | Close
export type VerifyAnswer = { kind: 'proven' } | Close

export interface Answers {
  look: LookAnswer
  dryRun: DryRunAnswer
  recheck: RecheckAnswer
  change: ChangeAnswer
  settle: SettleAnswer
  verify: VerifyAnswer
}
