import { severestOf } from '../../findings/finding.ts'
import { trafficSum, whysIn } from '../../playbook/network/traffic.ts'
import type { Run } from '../../run/run.ts'
import { csvLine } from '../csv.ts'
import { SpooledText } from '../spooled-text.ts'
import type { GrowingReport } from './growing-report.ts'
import { dryRunText, endOf, wouldText } from './rehearsal.ts'

const HEAD = [
  ...['run', 'outcome', 'playbook', 'account', 'region', 'resource', 'name', 'severity', 'findings'],
  ...['apply', 'calls', 'changes', 'reason', 'policy', 'plan'],
  ...['flows', 'bytes', 'flows not known', 'twin', 'twin reason'],
]

/** A rehearsal as CSV: a line for each run, and for each finding and event without one. */
export function csvReport(): GrowingReport<Iterable<Uint8Array>> {
  const lines = new SpooledText()
  lines.add(csvLine(HEAD))
  const without = (outcome: string, id: string, reason: string) => {
    const cells = HEAD.map((name) => ({ outcome, findings: id, reason })[name] ?? null)
    lines.add(csvLine(cells))
  }
  return {
    run: (run) => lines.add(runLine(run)),
    ignored: ({ finding, reason }) => without('ignored', finding, reason),
    rejected: ({ event, code, reason }) => without('unreadable', event, `${code}: ${reason}`),
    end: () => lines.pieces(),
  }
}

function runLine(run: Run): string {
  const { plan, findings, ruling, traffic, twin } = run
  const { flows = null, bytes = null } = traffic ? trafficSum(traffic) : {}
  return csvLine([
    ...[run.id, endOf(run), run.playbook, run.account, run.region, run.resource, run.name ?? null],
    ...[severestOf(findings), findings.map(({ id }) => id).join(' ')],
    ...[wouldText(run), dryRunText(run), plan?.steps.length ?? 0, run.reason, ruling?.reason ?? null],
    ...[
      plan?.hash ?? null,
      flows,
      flows === null ? null : bytes,
      traffic ? whysIn(traffic).join('; ') || null : null,
    ],
    ...[twin?.status ?? null, twin?.why ?? null],
  ])
}
