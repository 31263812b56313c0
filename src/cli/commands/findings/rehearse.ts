import { resolve } from 'node:path'
import type { Command } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import type { Rehearsal } from '../../../reports/rehearsal/rehearsal.ts'
import { rehearsalText } from '../../../reports/rehearsal/rehearsal-text.ts'
import { summaryOf } from '../../../reports/rehearsal/summary.ts'
import { comparing, type WhatIf, whatIfText } from '../../../reports/rehearsal/what-if.ts'
import { reportJson } from '../../../reports/run/run-json.ts'
import type { Run } from '../../../run/run.ts'
import { handleFindings } from '../../handle-findings.ts'
import { addSelection, type Named } from '../../input/selection.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation, Shared } from '../../program/invocation.ts'
import { addReports, openReports, type ReportOptions } from '../../rehearsal-reports.ts'

const EXAMPLES = `
Examples:
  rectify rehearse events/
  rectify rehearse events/ --html report.html --markdown report.md
  rectify rehearse events/ --junit rehearsal.xml --fail-on missing-permission,irreversible
  rectify rehearse events/ --policy rectify.yaml --policy next.yaml    what the second would decide otherwise
  rectify rehearse sample.json --include-samples`

/** `rectify rehearse EVENT...`: plan and dry run, with a report. Reads AWS and makes dry-run calls. */
export function rehearse(command: Command, invocation: Invocation): void {
  addReports(addSelection(command))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], options: Named & ReportOptions) => {
      const { output, shared } = invocation
      if (shared.otherPolicy !== undefined && events.includes('-'))
        throw new BadRequest(
          'usage',
          'standard input can be read once, and two policies read it twice: give a file',
        )
      const reports = await openReports(invocation, options)
      const { report, rejected, titles } = await handleFindings(invocation, 'rehearse', events, options)
      const rehearsal: Rehearsal = { ...report, rejected, titles, at: new Date().toISOString() }
      const { otherPolicy } = shared
      const other = otherPolicy && (await underPolicy(otherPolicy, report.runs, invocation, events, options))
      for (const run of report.runs) await reports.run(run)
      for (const one of report.ignored) await reports.ignored(one)
      for (const one of rejected) await reports.rejected(one)
      const document = { ...reportJson(report, rejected), summary: summaryOf(rehearsal) }
      output.result(other ? { ...document, whatIf: other } : document, () =>
        [rehearsalText(rehearsal, output.paint), ...(other ? [whatIfText(other, output.paint)] : [])].join(
          '\n\n',
        ),
      )
      await reports.finish({ at: rehearsal.at, titles, incomplete: [] })
      const status = exitStatus('rehearse', { runs: report.runs, rejected })
      invocation.status = status === 0 && reports.stopped > 0 ? 1 : status
    })
}

/** What another policy decides otherwise: everything is looked at again, without dry-run calls. */
async function underPolicy(
  policy: string,
  runs: readonly Run[],
  invocation: Invocation,
  events: string[],
  options: Named,
): Promise<WhatIf> {
  const compare = comparing(policy)
  for (const run of runs) compare.first(run)
  const shared: Shared = { ...invocation.shared, policy: resolve(invocation.cwd, policy) }
  const { report } = await handleFindings({ ...invocation, shared }, 'plan', events, options)
  for (const run of report.runs) compare.second(run)
  return compare.result()
}
