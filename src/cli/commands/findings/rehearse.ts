import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import { collected } from '../../../reports/rehearsal/collected.ts'
import { rehearsalText } from '../../../reports/rehearsal/rehearsal-text.ts'
import { RehearsalTally } from '../../../reports/rehearsal/summary.ts'
import { type Comparing, comparing, type WhatIf, whatIfText } from '../../../reports/rehearsal/what-if.ts'
import { reportJson } from '../../../reports/run/run-json.ts'
import { handleFindings } from '../../handle-findings.ts'
import { addFromDetectors } from '../../input/from-detectors.ts'
import { addSelection, type Named } from '../../input/selection.ts'
import { addTraffic, refuseWithoutTraffic } from '../../input/traffic-option.ts'
import { addTwin, refuseWithoutTwins } from '../../input/twin-option.ts'
import type { Invocation, Shared } from '../../program/invocation.ts'
import { addReports, openReports, type ReportOptions } from '../../rehearsal-reports.ts'
import { inAllSinks } from '../../rehearsing/in-all-sinks.ts'
import { rehearseFindings } from '../../rehearsing/rehearse-findings.ts'
import type { RehearseOptions } from '../../rehearsing/rehearse-options.ts'

const EXAMPLES = `
Examples:
  rectify rehearse events/
  rectify rehearse events/ --html report.html --markdown report.md
  rectify rehearse events/ --junit rehearsal.xml --fail-on missing-permission,irreversible
  rectify rehearse events/ --policy rectify.yaml --policy next.yaml    what the second would decide otherwise
  rectify rehearse sample.json --include-samples
  rectify rehearse --from securityhub,guardduty,config --since 30d
  rectify rehearse --from config --ou ou-ab12-34567890 --html report.html
  rectify rehearse events/ --traffic 7d --fail-on traffic    what flow logs say of what would be cut off
  rectify rehearse events/ --twin                  each plan carried out and taken back on a copy, in the sandbox
  rectify rehearse --stack prod --since 7d         the same report of what a deployment has rehearsed`

/** So many runs a person is shown on a terminal; in files, and with --json, are all of them. */
const MOST_SHOWN = 1_000

/**
 * `rectify rehearse EVENT...`, `--from DETECTORS`: plan and dry run, with a report. Reads AWS and makes dry-run calls. With
 * `--stack` it asks AWS for nothing else: the report is about the runs that a deployment has stored.
 */
export function rehearse(command: Command, invocation: Invocation): void {
  addReports(addTwin(addTraffic(addFromDetectors(addSelection(command)))))
    .addOption(new Option('--resume', 'go on with a rehearsal of the same that was interrupted'))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], options: RehearseOptions & ReportOptions) => {
      const { output, shared } = invocation
      refuseTwice(invocation, events, options)
      refuseWithoutTraffic(options)
      refuseWithoutTwins(shared.stack, options)
      const reports = openReports(invocation, events, options)
      const { otherPolicy } = shared
      const compare = otherPolicy === undefined ? undefined : comparing(otherPolicy)
      const { sink: shown, pieces } = collected(output.json ? Number.POSITIVE_INFINITY : MOST_SHOWN)
      const tally = new RehearsalTally()
      const sink = inAllSinks([reports, tally, shown], (run) => compare?.first(run))
      const rehearsing =
        shared.stack === undefined
          ? rehearseFindings
          : (await import('../../stack/stored-rehearsal.ts')).rehearsalOfStack
      const { asked, status, wire, journal, ...end } = await rehearsing(invocation, events, options, sink)
      const { titles, at, incomplete } = end
      const isInterrupted = status > 3
      const other =
        compare && !isInterrupted ? await underPolicy(compare, invocation, events, options) : undefined
      const summary = tally.summary(wire)
      const document = {
        ...reportJson(pieces, pieces.rejected),
        summary,
        ...(incomplete.length > 0 && { incomplete }),
        ...(asked.length > 0 && { asked }),
        ...(other && { whatIf: other }),
      }
      const left = summary.runs - pieces.runs.length
      output.result(document, () =>
        [
          ...incomplete.map((why) => output.paint.warn(why)),
          rehearsalText({ ...pieces, titles, at }, output.paint, summary),
          ...(left > 0 ? [`${left} more runs are not shown here: --html, --csv and --json have them`] : []),
          ...(other ? [whatIfText(other, output.paint)] : []),
        ].join('\n\n'),
      )
      await reports.finish(end, summary).catch(async (error: unknown) => {
        await journal?.store()
        if (journal) output.note(`${summary.runs} runs are kept: --resume makes the reports of them again`)
        throw error
      })
      await journal?.drop()
      invocation.status = status === 0 && reports.stopped > 0 ? 1 : status
    })
}

/** For a second policy everything is looked at twice. */
function refuseTwice({ shared }: Invocation, events: readonly string[], options: RehearseOptions): void {
  if (shared.otherPolicy === undefined) return
  if (events.includes('-'))
    throw new BadRequest(
      'usage',
      'standard input can be read once, and two policies read it twice: give a file',
    )
  const once = options.from ? '--from' : shared.stack !== undefined ? '--stack' : options.resume && '--resume'
  if (once) throw new BadRequest('usage', `${once} goes with one policy: give event files to compare two`)
}

/** What another policy decides otherwise: everything is looked at again, without dry-run calls. */
async function underPolicy(
  compare: Comparing,
  invocation: Invocation,
  events: string[],
  options: Named,
): Promise<WhatIf> {
  const { otherPolicy = '' } = invocation.shared
  const shared: Shared = { ...invocation.shared, policy: resolve(invocation.cwd, otherPolicy) }
  const { report } = await handleFindings({ ...invocation, shared }, 'plan', events, options)
  for (const run of report.runs) compare.second(run)
  return compare.result()
}
