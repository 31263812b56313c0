import type { Rejection } from '../../findings/finding.ts'
import { DENIED_STATUSES, type Run, type StepResult } from '../../run/run.ts'

/** What a rehearsal came to: the same facts for every form of the report. */
export interface Rehearsal {
  /** ISO 8601 UTC. */
  at: string
  runs: Run[]
  ignored: { finding: string; reason: string }[]
  rejected: Rejection[]
  /** Playbook id → its title. */
  titles: Record<string, string>
}

/** How many runs came to each outcome, most first. */
export function outcomeCounts(runs: Run[]): { outcome: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const run of runs) counts.set(endOf(run), (counts.get(endOf(run)) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => ({ outcome, count })).sort((a, b) => b.count - a.count)
}

/** The outcome, or the state of a run that has none yet. */
export function endOf(run: Run): string {
  return run.outcome ?? run.state
}

/** What AWS said of the calls: every one allowed, one denied, some about which nobody can tell, or nothing at all. */
export function dryRunText(run: Run): string {
  const denied = run.results.find(isDenied)
  if (denied) return `denied: ${denied.error?.action ?? `${denied.step} (${denied.by ?? denied.status})`}`
  const ok = run.results.filter(({ status }) => status === 'dryRunOk' || status === 'simulatedOk').length
  const unchecked = run.results.filter(({ status }) => status === 'notCheckable').length
  if (ok + unchecked === 0) return ''
  if (unchecked === 0) return 'allowed'
  return ok === 0 ? 'cannot be dry-run' : `${ok} allowed, ${unchecked} cannot be dry-run`
}

const isDenied = ({ status }: StepResult): boolean => DENIED_STATUSES.includes(status)

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
  if (would !== 'ask') return WOULD[would]
  const { quorum = 1, approvers } = run.approval ?? {}
  return approvers ? `would ask ${quorum} of ${approvers.join(', ')}` : `would ask ${count(quorum, 'person')}`
}

const WOULD = { act: 'would act by itself', ask: 'would ask', leave: 'would be left alone' }

/** One sentence that sums it up: `3 plans: 1 would act by itself, 2 would ask; 1 dry run denied; 2 need nothing`. */
export function rehearsalSentence({ runs, ignored, rejected }: Rehearsal): string {
  const plans = runs.filter(({ plan }) => plan)
  const would = (wanted: Would) => plans.filter((run) => wouldDo(run) === wanted).length
  const ways = (['act', 'ask', 'leave'] as const)
    .filter((way) => would(way) > 0)
    .map((way) => `${would(way)} ${WOULD[way]}`)
  const denied = plans.filter(({ results }) => results.some(isDenied)).length
  const failed = runs.filter(({ outcome }) => outcome === 'failed').length
  const nothing = runs.filter(({ plan, outcome }) => !plan && outcome !== 'failed').length
  const parts = [
    [count(plans.length, 'plan'), ways.join(', ')].filter(Boolean).join(': '),
    denied ? `${count(denied, 'dry run')} denied` : '',
    nothing ? `${nothing} without a plan` : '',
    failed ? `${failed} failed` : '',
    ignored.length ? `${count(ignored.length, 'finding')} ignored` : '',
    rejected.length ? `${count(rejected.length, 'event')} unreadable` : '',
  ]
  return parts.filter(Boolean).join('; ')
}

/** `1 run`, `2 runs`, `2 people`. */
export function count(number: number, noun: string): string {
  if (number !== 1 && noun === 'person') return `${number} people`
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
