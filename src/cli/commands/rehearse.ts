import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { BadRequest } from '../../engine/engine.ts'
import type { Rehearsal } from '../../reports/rehearsal.ts'
import { rehearsalHtml } from '../../reports/rehearsal-html.ts'
import { rehearsalMarkdown } from '../../reports/rehearsal-markdown.ts'
import { rehearsalText } from '../../reports/rehearsal-text.ts'
import { exitStatus } from '../exit-status.ts'
import { handleFindings } from '../handle-findings.ts'
import type { Invocation } from '../invocation.ts'
import { reportJson } from '../run-json.ts'
import { addSelection, type Named } from '../selection.ts'

const EXAMPLES = `
Examples:
  rectify rehearse findings/
  rectify rehearse findings/ --html report.html --markdown report.md
  rectify rehearse sample.json --include-samples`

/** `rectify rehearse EVENT...`: plan and dry run, with a report. Reads AWS and makes dry-run calls. */
export function rehearse(invocation: Invocation): Command {
  return addSelection(new Command('rehearse'))
    .description('plan and dry-run every call, with a report of what would happen; changes nothing')
    .addOption(new Option('--html <file>', 'write the report as one HTML page'))
    .addOption(new Option('--markdown <file>', 'write the report as Markdown'))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], options: Named & { html?: string; markdown?: string }) => {
      const { output } = invocation
      const { report, rejected, titles } = await handleFindings(invocation, 'rehearse', events, options)
      const rehearsal: Rehearsal = { ...report, rejected, titles, at: new Date().toISOString() }
      await write(invocation, options.html, () => rehearsalHtml(rehearsal))
      await write(invocation, options.markdown, () => rehearsalMarkdown(rehearsal))
      output.result(reportJson(report, rejected), () => rehearsalText(rehearsal, output.paint))
      invocation.status = exitStatus('rehearse', { runs: report.runs, rejected })
    })
}

async function write(
  { cwd, output }: Invocation,
  file: string | undefined,
  report: () => string,
): Promise<void> {
  if (file === undefined) return
  try {
    await writeFile(resolve(cwd, file), report())
  } catch (cause) {
    throw new BadRequest('usage', `the report cannot be written: ${(cause as Error).message}`, { cause })
  }
  output.note(`wrote ${file}`)
}
