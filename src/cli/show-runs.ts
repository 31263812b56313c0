import type { Report } from '../engine/ports.ts'
import type { Rejection } from '../findings/finding.ts'
import { reportJson, type ToldOfRuns } from '../reports/run/run-json.ts'
import { togetherText, toldTogether } from '../reports/run/told-together.ts'
import { leftoversText } from '../reports/triage/triage-text.ts'
import type { Run } from '../run/run.ts'
import type { ToldEnd } from '../run/told-detector.ts'
import { exitStatus } from './program/exit-status.ts'
import type { Invocation } from './program/invocation.ts'

/** What is shown of a command. */
interface Shown {
  report: Report
  rejected?: Rejection[]
  /** Further fields of the document. */
  more?: object
  /** How many detectors could not be asked. */
  unread?: number
  /** For people findings without a run are counted by their reason: there may be thousands. */
  isBrief?: boolean
  /** What detectors have been told of the runs. */
  told?: ToldOfRuns
}

/**
 * Prints what came of some runs, as the one document or one block of text per run, those of one finding together, and
 * sets the exit status.
 */
export function showRuns(
  invocation: Invocation,
  command: string,
  { report, rejected = [], more = {}, unread = 0, isBrief = false, told = new Map() }: Shown,
  block: (run: Run, told: readonly ToldEnd[] | undefined) => string,
): void {
  const { output } = invocation
  invocation.status = exitStatus(command, { runs: report.runs, rejected, unread })
  output.result({ ...reportJson(report, rejected, told), ...more }, () => {
    const ignored = isBrief ? counted(report.ignored) : report.ignored
    const together = toldTogether(report.runs).flatMap((group) => [
      togetherText(group, output.paint),
      ...group.runs.map((run) => block(run, told.get(run.id))),
    ])
    const blocks = [...together, leftoversText(ignored, rejected, output.paint)]
    return blocks.filter(Boolean).join('\n\n') || 'nothing to do'
  })
}

function counted(ignored: Report['ignored']): Report['ignored'] {
  return [...Map.groupBy(ignored, ({ reason }) => reason)].map(([reason, { length }]) => ({
    finding: length === 1 ? '1 finding' : `${length} findings`,
    reason,
  }))
}
