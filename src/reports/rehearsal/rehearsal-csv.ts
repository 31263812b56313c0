import { severestOf } from '../../findings/finding.ts'
import type { Run } from '../../run/run.ts'
import { csvLine } from '../csv.ts'
import { dryRunText, endOf, wouldText } from './rehearsal.ts'
import type { GrowingReport } from './sink.ts'

const HEAD = [
  ...['run', 'outcome', 'playbook', 'account', 'region', 'resource', 'name', 'severity', 'findings'],
  ...['apply', 'calls', 'changes', 'reason', 'policy', 'plan'],
]

/** A rehearsal as CSV: a line for each run, and for each finding and event without one. */
export function csvReport(): GrowingReport {
  const lines = [csvLine(HEAD)]
  const without = (outcome: string, id: string, reason: string) => {
    const cells = HEAD.map((name) => ({ outcome, findings: id, reason })[name] ?? null)
    lines.push(csvLine(cells))
  }
  return {
    run: (run) => void lines.push(runLine(run)),
    ignored: ({ finding, reason }) => without('ignored', finding, reason),
    rejected: ({ event, code, reason }) => without('unreadable', event, `${code}: ${reason}`),
    end: () => lines.join(''),
  }
}

function runLine(run: Run): string {
  const { plan, findings, ruling } = run
  return csvLine([
    ...[run.id, endOf(run), run.playbook, run.account, run.region, run.resource, run.name ?? null],
    ...[severestOf(findings), findings.map(({ id }) => id).join(' ')],
    ...[wouldText(run), dryRunText(run), plan?.steps.length ?? 0, run.reason, ruling?.reason ?? null],
    plan?.hash ?? null,
  ])
}
