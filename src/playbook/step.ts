import type { ApiCall } from './api.ts'

/** IAM's word on what a step or its undo needs. */
export interface Permission {
  /** IAM action. */
  action: string
  /** ARN, or '*' where the action knows no resource. */
  resource: string
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

/**
 * By what a call that is not idempotent is found again, at once and wherever it has got to: where the mark goes, and
 * the list in which it is looked for. `SENT_AFTER` in its input stands for a time before the call was sent.
 */
export interface Mark {
  /** Input field of the call, and field of the list's items, that carries the mark. */
  field: string
  find: ApiCall
  /** List field of the answer. */
  items: string
  /** Field of an item, and of the call's answer, with the id of what was started. */
  id: string
}

/**
 * A text in the input of an undo that stands for what the resource has under that name when it is taken back, as
 * `observe` shows it: the id that AWS gave to what the step made.
 */
export const liveNamed = (name: string): string => `{live.${name}}`

interface AnyStep {
  id: string
  /** One line for a person: what this changes. */
  summary: string
  call: ApiCall
  undo: UndoCall[] | { irreversible: string }
  /** Steps that only make sense as a whole: when one fails, those applied are undone. */
  together?: boolean
  permissions: Permission[]
}

/** A call that may be sent twice and comes to the same. */
export interface CallStep extends AnyStep {
  kind: 'call'
}

/** A call about a set of ids, of which fewer may be left when it is sent. The playbook's `subset` tells which. */
export interface SubsetStep extends AnyStep {
  kind: 'subset'
  /** Input field that holds the ids. */
  subset: string
}

/** A call that writes a set which others write, too. */
export interface MergeStep extends AnyStep {
  kind: 'merge'
  merge: Merge
}

/**
 * A call that starts something elsewhere and is not idempotent: sent with one attempt, and looked for by its mark before
 * it is sent again. The playbook's `command` tells how what was started ended.
 */
export interface CommandStep extends AnyStep {
  kind: 'command'
  mark: Mark
  /** Seconds until what was started must have ended. */
  settles: { timeoutSeconds: number }
}

/** One AWS API call with its undo; its kind says how it is sent, read back, rehearsed and undone (`src/engine/change`). */
export type Step = CallStep | SubsetStep | MergeStep | CommandStep

/** The change to a set that a step makes, if it is one. */
export function mergeOf(step: Step): Merge | undefined {
  return step.kind === 'merge' ? step.merge : undefined
}
