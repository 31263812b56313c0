import type { ApiCall } from './api.ts'
import { hashOf, type Json } from './json.ts'

/**
 * A plan: the ordered steps for one target now. Plain JSON, so that it survives storage,
 * a person can read it and a test can compare it.
 */
export interface Plan {
  playbook: string
  /** ARN of the resource that is changed (and locked). */
  resource: string
  account: string
  region: string
  steps: Step[]
  /** Only what the steps change or what decided them. */
  before: Json
  after: Json
  impact: Impact
  warnings: string[]
  /** Why its effect cannot be proven although all of it is done: the run ends `unverified` with this. */
  unproven?: string
  /** 'sha256:' + hex over the hashed part, see `planHash`. */
  hash: string
}

/**
 * A call that replaces a whole set under a lock token (UpdateIPSet). What is planned is the change to the set:
 * the executor reads, writes (read ∪ add) ∖ remove under the token, and retries on a lost lock.
 */
export interface Merge {
  /** Input field that holds the whole set. */
  field: string
  add: string[]
  remove: string[]
  /** How the set is read, and which parts of that answer go back with the write. Paths are dotted. */
  read: {
    operation: string
    input: Record<string, unknown>
    set: string
    token: string
    keep: Record<string, string>
  }
  /** How entries are compared: as parsed address ranges, or as text. */
  compare: 'cidr' | 'text'
  /** Most entries that the set may hold. */
  limit?: number
  /** Time-boxed entries: ISO 8601 duration after which ours are taken out again. */
  expiresAfter?: string
}

/** A call that undoes a step; for a merge step the inverse change to the set. */
export type UndoCall = ApiCall & { merge?: Merge }

/** A text in the input of a mark's list that stands for a time before the call was sent (ISO 8601, UTC, seconds). */
export const SENT_AFTER = '{sentAfter}'

export interface Permission {
  /** IAM action. */
  action: string
  /** ARN, or '*' where the action knows no resource. */
  resource: string
}

/** One AWS API call with its undo. */
export interface Step {
  id: string
  /** One line for a person: what this changes. */
  summary: string
  call: ApiCall
  merge?: Merge
  /** Input field that holds a set of ids, of which fewer may be left when the step is sent. */
  subset?: string
  undo: UndoCall[] | { irreversible: string }
  /** `readFirst`: not idempotent; sent with one attempt, and looked for by its mark before it is sent again. */
  retry: 'safe' | 'readFirst'
  /**
   * For `readFirst`: where the mark goes, and the list in which a sent call is found by it, at once and wherever it has
   * got to. `SENT_AFTER` in its input stands for a time before the call was sent.
   */
  mark?: { field: string; find: ApiCall; items: string; id: string }
  /** The call only starts something: seconds until it must have ended. The playbook's `settle` tells. */
  settles?: { timeoutSeconds: number }
  /** Steps that only make sense as a whole: when one fails, those applied are undone. */
  together?: boolean
  permissions: Permission[]
}

/** Who is on the other end of a change. */
export interface Impact {
  /** One line for a person. */
  summary: string
  /** What is affected, at most 50 items; `count` has the whole number. */
  affected: { type: string; id: string; detail?: string }[]
  count: number
  /** Things worth knowing that no step changes (shares that stay, rules that stay ...). */
  notes?: string[]
  /**
   * Why a person shall look before this is done, one phrase each, whatever the policy says: with any of them `auto`
   * becomes `approve`. They stand among the plan's warnings and are not stored here.
   */
  cautions?: string[]
}

export const NO_IMPACT: Impact = { summary: 'nothing else is affected', affected: [], count: 0 }

/**
 * The hash that a person approves and that runs: over playbook, resource, account, region, before, after and,
 * of each step, call, merge, subset, undo and together. Not prose, permissions, impact or warnings.
 */
export function planHash(plan: Omit<Plan, 'hash'>): string {
  return hashOf({
    playbook: plan.playbook,
    resource: plan.resource,
    account: plan.account,
    region: plan.region,
    before: plan.before,
    after: plan.after,
    steps: plan.steps.map(({ call, merge, subset, undo, together }) => ({
      call,
      merge,
      subset,
      undo: Array.isArray(undo) ? undo : 'irreversible',
      together,
    })),
  })
}

/**
 * How many hex digits of a hash are shown, and stand for the whole. With 64 bits nobody who can word a description finds
 * a second plan that looks the same to the person who approves the first: 8 digits would take seconds.
 */
const SHOWN = 16

/** The part of a hash that people see and type: its first 16 hex digits. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, SHOWN)
}

/** Whether a text is a hash of a plan, whole or as far as it is shown, with `sha256:` or without. */
export function isHash(text: string): boolean {
  return new RegExp(`^(sha256:)?[0-9a-f]{${SHOWN},64}$`).test(text)
}

/** Whether a hash, whole or as far as it was given, is that of this plan. */
export function isHashOf(text: string, plan: Plan | null): boolean {
  if (!plan || !isHash(text)) return false
  return plan.hash.startsWith(`sha256:${text.replace(/^sha256:/, '')}`)
}
