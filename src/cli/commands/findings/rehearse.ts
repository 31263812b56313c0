import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { BadRequest } from '../../../engine/refusals.ts'
import type { Rehearsal } from '../../../reports/rehearsal/rehearsal.ts'
import { rehearsalHtml } from '../../../reports/rehearsal/rehearsal-html.ts'
import { rehearsalMarkdown } from '../../../reports/rehearsal/rehearsal-markdown.ts'
import { rehearsalText } from '../../../reports/rehearsal/rehearsal-text.ts'
import { reportJson } from '../../../reports/run/run-json.ts'
import { addFromDetectors } from '../../input/from-detectors.ts'
import { addSelection } from '../../input/selection.ts'
import type { Invocation } from '../../program/invocation.ts'
import { collected } from '../../rehearsing/collected.ts'
import { rehearseFindings } from '../../rehearsing/rehearse-findings.ts'
import type { RehearseOptions } from '../../rehearsing/rehearse-options.ts'

const EXAMPLES = `
Examples:
  rectify rehearse events/
  rectify rehearse events/ --html report.html --markdown report.md
  rectify rehearse sample.json --include-samples
  rectify rehearse --from securityhub,guardduty,config --since 30d
  rectify rehearse --from config --ou ou-ab12-34567890 --external-id ...
  rectify rehearse --stack prod --since 7d         the same report of what a deployment has rehearsed`

/** Files. */
interface Reports {
  html?: string
  markdown?: string
}

/**
 * `rectify rehearse EVENT...`, `--from DETECTORS`: plan and dry run, with a report. Reads AWS and makes dry-run calls. With
 * `--stack` it asks AWS nothing: the report is about the runs that a deployment has stored.
 */
export function rehearse(command: Command, invocation: Invocation): void {
  addFromDetectors(addSelection(command))
    .addOption(new Option('--resume', 'go on with a rehearsal of the same that was interrupted'))
    .addOption(new Option('--html <file>', 'write the report as one HTML page'))
    .addOption(new Option('--markdown <file>', 'write the report as Markdown'))
    .addHelpText('after', EXAMPLES)
    .action(async (events: string[], options: RehearseOptions & Reports) => {
      const { output } = invocation
      await mustBeWritable(invocation, options)
      const isOfStack = invocation.shared.stack !== undefined
      const rehearsing = isOfStack
        ? (await import('../../stack/stored-rehearsal.ts')).rehearsalOfStack
        : rehearseFindings
      const { sink, pieces } = collected()
      const { titles, at, incomplete, asked, status } = await rehearsing(invocation, events, options, sink)
      const rehearsal: Rehearsal = { ...pieces, titles, at }
      const document = {
        ...reportJson(pieces, pieces.rejected),
        ...(incomplete.length > 0 && { incomplete }),
        ...(asked.length > 0 && { asked }),
      }
      output.result(document, () => [...incomplete, rehearsalText(rehearsal, output.paint)].join('\n\n'))
      await write(invocation, options.html, () => rehearsalHtml(rehearsal))
      await write(invocation, options.markdown, () => rehearsalMarkdown(rehearsal))
      invocation.status = status
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
