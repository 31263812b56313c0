import type { Ignored } from '../../engine/ports.ts'
import type { Rejection } from '../../findings/finding.ts'
import { DENIED_STATUSES, type Run, type StepResult } from '../../run/run.ts'

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

type Results = Pick<Run, 'results'>

/** Checks about what a call would write, and not about whether it may be made. */
const ABOUT_POLICIES: ReadonlySet<StepResult['by']> = new Set(['ValidatePolicy', 'CheckNoPublicAccess'])
const OK: readonly StepResult['status'][] = ['dryRunOk', 'simulatedOk']

/** Calls that AWS says would be denied. */
export function deniedIn({ results }: Results): StepResult[] {
  return results.filter(({ status, by }) => DENIED_STATUSES.includes(status) && !ABOUT_POLICIES.has(by))
}

/** Policies that a call would write, and AWS would not have so. */
export function faultyPoliciesIn({ results }: Results): StepResult[] {
  return results.filter(({ status, by }) => DENIED_STATUSES.includes(status) && ABOUT_POLICIES.has(by))
}

/** How many steps have an answer, and about how many nobody can tell whether they would be allowed. */
export function checkedSteps({ results }: Results): { ok: number; unchecked: number } {
  const aboutCalls = results.filter(({ by }) => !ABOUT_POLICIES.has(by))
  const steps = [...Map.groupBy(aboutCalls, ({ step }) => step).values()]
  const has = (wanted: readonly StepResult['status'][]) => (step: StepResult[]) =>
    step.some(({ status }) => wanted.includes(status))
  const answered = has([...OK, ...DENIED_STATUSES])
  const unchecked = steps.filter((step) => has(['notCheckable'])(step) && !answered(step))
  return { ok: steps.filter(has(OK)).length, unchecked: unchecked.length }
}

/** What AWS said of the calls: every one allowed, one denied, some about which nobody can tell, or nothing at all. */
export function dryRunText(run: Run): string {
  const [denied] = deniedIn(run)
  if (denied) return `denied: ${denied.error?.action ?? denied.step}`
  const [faulty] = faultyPoliciesIn(run)
  if (faulty) return `${faulty.by} says no to the policy of ${faulty.step}`
  const { ok, unchecked } = checkedSteps(run)
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
