import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import type { Rehearsal } from '../../../reports/rehearsal/rehearsal.ts'
import { rehearsalHtml } from '../../../reports/rehearsal/rehearsal-html.ts'
import { rehearsalMarkdown } from '../../../reports/rehearsal/rehearsal-markdown.ts'
import { rehearsalText } from '../../../reports/rehearsal/rehearsal-text.ts'
import { reportJson } from '../../../reports/run/run-json.ts'
import { handleFindings } from '../../handle-findings.ts'
import { addSelection, type Named } from '../../input/selection.ts'
import { exitStatus } from '../../program/exit-status.ts'
import type { Invocation } from '../../program/invocation.ts'

const EXAMPLES = `
Examples:
  rectify rehearse events/
  rectify rehearse events/ --html report.html --markdown report.md
  rectify rehearse sample.json --include-samples`

/** Files. */
interface Reports {
  html?: string
  markdown?: string
}

/** `rectify rehearse EVENT...`: plan and dry run, with a report. Reads AWS and makes dry-run calls. */
export function rehearse(command: Command, invocation: Invocation): void {
  addSelection(command)
    .addOption(new Option('--html <file>', 'write the report as one HTML page'))
    .addOption(new Option('--markdown <file>', 'write the report as Markdown'))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], options: Named & Reports) => {
      const { output } = invocation
      await mustBeWritable(invocation, options)
      const { report, rejected, titles } = await handleFindings(invocation, 'rehearse', events, options)
      const rehearsal: Rehearsal = { ...report, rejected, titles, at: new Date().toISOString() }
      output.result(reportJson(report, rejected), () => rehearsalText(rehearsal, output.paint))
      await write(invocation, options.html, () => rehearsalHtml(rehearsal))
      await write(invocation, options.markdown, () => rehearsalMarkdown(rehearsal))
      invocation.status = exitStatus('rehearse', { runs: report.runs, rejected })
    })
}

/** Before the work, which may take long: where the reports go. They are created, and stay empty until then. */
async function mustBeWritable({ cwd }: Invocation, { html, markdown }: Reports): Promise<void> {
  const files = [html, markdown].filter((file) => file !== undefined).map((file) => resolve(cwd, file))
  if (new Set(files).size < files.length)
    throw new BadRequest('usage', '--html and --markdown name the same file')
  for (const file of files) await (await open(file, 'a').catch(unwritable)).close()
}

function unwritable(cause: unknown): never {
  throw new BadRequest('usage', `the report cannot be written: ${(cause as Error).message}`, { cause })
}

async function write(
  { cwd, output }: Invocation,
  file: string | undefined,
  report: () => string,
): Promise<void> {
  if (file === undefined) return
  await writeFile(resolve(cwd, file), report()).catch(unwritable)
  output.note(`wrote ${file}`)
}
