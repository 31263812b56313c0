import type { Ignored } from '../../engine/ports.ts'
import type { Rejection } from '../../findings/finding.ts'
import type { Run, StepResult } from '../../run/run.ts'

/** What a rehearsal came to: the same facts for every form of the report. */
export interface Rehearsal {
  /** ISO 8601 UTC. */
  at: string
  runs: Run[]
  ignored: Ignored[]
  rejected: Rejection[]
  /** Playbook id → its title. */
  titles: Record<string, string>
}

/** The outcome, or the state of a run that has none yet. */
export function endOf(run: Run): string {
  return run.outcome ?? run.state
}

/** Calls that AWS says would be denied. */
export function deniedIn({ results }: Pick<Run, 'results'>): StepResult[] {
  return results.filter(({ status }) => status === 'dryRunDenied')
}

/** What the dry run said: every call allowed, one denied, some that AWS cannot dry-run, or no call at all. */
export function dryRunText(run: Run): string {
  const [denied] = deniedIn(run)
  if (denied) return `denied: ${denied.error?.action ?? denied.step}`
  const ok = run.results.filter(({ status }) => status === 'dryRunOk').length
  const unchecked = run.results.filter(({ status }) => status === 'notCheckable').length
  if (ok + unchecked === 0) return ''
  if (unchecked === 0) return 'allowed'
  return ok === 0 ? 'cannot be dry-run' : `${ok} allowed, ${unchecked} cannot be dry-run`
}

/** What `apply` would do with a plan under the same policy. */
export type Would = 'act' | 'ask' | 'leave'

/** Undefined where there is no plan, and so nothing to do or to leave. */
export function wouldDo({ plan, ruling }: Run): Would | undefined {
  if (!plan) return undefined
  if (ruling?.mode === 'auto') return 'act'
  return ruling?.mode === 'approve' ? 'ask' : 'leave'
}

/** `would act by itself`, `would ask 2 of arn:…, arn:…`, `would be left alone`; empty where there is no plan. */
export function wouldText(run: Run): string {
  const would = wouldDo(run)
  if (would === undefined) return ''
  return would === 'ask' ? `would ask ${whomText(run)}` : WOULD[would]
}

/** Who would be asked: `2 of ann, S0ONCALL`, `1 person`. */
export function whomText({ approval }: Pick<Run, 'approval'>): string {
  const { quorum = 1, approvers } = approval ?? {}
  return approvers ? `${quorum} of ${approvers.join(', ')}` : count(quorum, 'person')
}

/** What apply would do, as it is said of one plan or of several. */
export const WOULD: Record<Would, string> = {
  act: 'would act by itself',
  ask: 'would ask',
  leave: 'would be left alone',
}

/** `1 run`, `2 runs`, `2 people`. */
export function count(number: number, noun: string): string {
  if (number !== 1 && noun === 'person') return `${number} people`
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
