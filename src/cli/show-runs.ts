import type { Report } from '../engine/ports.ts'
import type { Rejection } from '../findings/finding.ts'
import { reportJson } from '../reports/run/run-json.ts'
import { togetherText, toldTogether } from '../reports/run/told-together.ts'
import { leftoversText } from '../reports/triage/triage-text.ts'
import type { Run } from '../run/run.ts'
import { exitStatus } from './program/exit-status.ts'
import type { Invocation } from './program/invocation.ts'

/** Prints what came of some runs, as the one document or one block of text per run, those of one finding together, and sets the exit status. */
export function showRuns(
  invocation: Invocation,
  command: string,
  { report, rejected = [], more = {} }: { report: Report; rejected?: Rejection[]; more?: object },
  block: (run: Run) => string,
): void {
  const { output } = invocation
  invocation.status = exitStatus(command, { runs: report.runs, rejected })
  output.result({ ...reportJson(report, rejected), ...more }, () => {
    const told = toldTogether(report.runs).flatMap((group) => [
      togetherText(group, output.paint),
      ...group.runs.map(block),
    ])
    const blocks = [...told, leftoversText(report.ignored, rejected, output.paint)]
    return blocks.filter(Boolean).join('\n\n') || 'nothing to do'
  })
}
