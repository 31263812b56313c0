import { hashOf, type Json } from './json.ts'
import type { Manager } from './managed-by.ts'
import type { Step } from './step.ts'

/** What the policy may let a run do, from least to most. */
export const MODES = ['off', 'notify', 'rehearse', 'approve', 'auto'] as const
export type Mode = (typeof MODES)[number]

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
  /** Those of the warnings for which a person shall look first, whatever the policy says; absent: none. Not hashed. */
  cautions?: string[]
  /** Who else manages the resource, and where the change belongs, too. Not hashed: tags may change meanwhile. */
  managedBy?: Manager
  /** Why its effect cannot be proven although all of it is done: the run ends `unverified` with this. */
  unproven?: string
  /** Why what was changed may not be seen for longer than anybody waits. Not hashed. */
  late?: string
  /** 'sha256:' + hex over the hashed part, see `planHash`. */
  hash: string
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
  /** Whether the resource has a public address; absent where that is not known. Rules of the policy may ask for it. */
  reachable?: boolean
  /**
   * Why a person shall look before this is done, one phrase each, whatever the policy says: with any of them `auto`
   * becomes `approve`. They stand among the plan's warnings, and are stored in the plan and not here.
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
    steps: plan.steps.map((step) => ({
      call: step.call,
      merge: step.kind === 'merge' ? step.merge : undefined,
      subset: step.kind === 'subset' ? step.subset : undefined,
      undo: Array.isArray(step.undo) ? step.undo : 'irreversible',
      together: step.together,
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
