import type { Rejection } from '../findings/finding.ts'
import type { Run } from '../store/run.ts'

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

/** What the dry run said: every call allowed, one denied, some that AWS cannot dry-run, or no call at all. */
export function dryRunText(run: Run): string {
  const denied = run.results.find(({ status }) => status === 'dryRunDenied')
  if (denied) return `denied: ${denied.error?.action ?? denied.step}`
  const ok = run.results.filter(({ status }) => status === 'dryRunOk').length
  const unchecked = run.results.filter(({ status }) => status === 'notCheckable').length
  if (ok + unchecked === 0) return ''
  if (unchecked === 0) return 'allowed'
  return ok === 0 ? 'cannot be dry-run' : `${ok} allowed, ${unchecked} cannot be dry-run`
}

/** One sentence that sums it up: `3 resources would change, 1 of them denied; 2 are left alone`. */
export function rehearsalSentence({ runs, ignored, rejected }: Rehearsal): string {
  const changing = runs.filter(({ outcome, plan }) => outcome === 'rehearsed' && plan)
  const denied = changing.filter(({ results }) =>
    results.some(({ status }) => status === 'dryRunDenied'),
  ).length
  const failed = runs.filter(({ outcome }) => outcome === 'failed').length
  const parts = [
    `${count(changing.length, 'resource')} would change${denied ? `, ${denied} of them denied` : ''}`,
    `${runs.length - changing.length - failed} left alone`,
    failed ? `${failed} failed` : '',
    ignored.length ? `${count(ignored.length, 'finding')} ignored` : '',
    rejected.length ? `${count(rejected.length, 'event')} unreadable` : '',
  ]
  return parts.filter(Boolean).join('; ')
}

/** `1 run`, `2 runs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
