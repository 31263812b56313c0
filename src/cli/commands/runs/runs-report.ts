import { type Command, Option } from 'commander'
import { csvLine } from '../../../reports/csv.ts'
import { FigureTally } from '../../../reports/figures/figures.ts'
import { figuresMarkdown } from '../../../reports/figures/figures-markdown.ts'
import { figuresText } from '../../../reports/figures/figures-text.ts'
import { RUN_COLUMNS, runCells } from '../../../reports/figures/run-row.ts'
import type { PackedRuns } from '../../../reports/page/packed-runs.ts'
import { visitRuns } from '../../../run/visit-runs.ts'
import { openRuns } from '../../history/open-runs.ts'
import { momentIn } from '../../input/run-filter.ts'
import type { Invocation } from '../../program/invocation.ts'
import { growingFile, type NamedFile, reportFiles, writeReport } from '../../report-files.ts'

const EXAMPLES = `
Examples:
  rectify report                                  the last 30 days of the local runs
  rectify report --since 90d --stack prod --html report.html
  rectify report --since 2026-11-01 --stack prod --markdown report.md --csv runs.csv
  rectify report --json | jq '.byPlaybook[] | {name, runs, timeToRemediate}'

Time to remediate is counted from when the detector saw it (else from the start of the run) to the re-read that proved it
closed; time to decide from the question to the word that decided. The CSV file has one line for each run. Cost is that of
as many runs in a deployment, by the arithmetic of docs/operations.md.`

/** The forms of the report that are files. */
type Form = 'html' | 'markdown' | 'csv'

interface Options extends Partial<Record<Form, string>> {
  since: (now: number) => number
}

/** `rectify report`: figures of what was done, from stored runs. No AWS; with `--stack` the deployment's table. */
export function report(command: Command, invocation: Invocation): void {
  command
    .addOption(
      new Option('--since <when>', 'runs started since: 24h, 7d, 2026-11-20')
        .argParser(momentIn)
        .default(momentIn('30d'), '30d'),
    )
    .addOption(new Option('--html <file>', 'write the report as one HTML page'))
    .addOption(new Option('--markdown <file>', 'write the figures as Markdown'))
    .addOption(new Option('--csv <file>', 'write a line of CSV for each run'))
    .addHelpText('after', EXAMPLES)
    .action(async ({ since, html, markdown, csv }: Options) => {
      const { cwd, output } = invocation
      const files = reportFiles<Form>(cwd, {
        ...(html !== undefined && { html }),
        ...(markdown !== undefined && { markdown }),
        ...(csv !== undefined && { csv }),
      })
      const packed = files.html && (await packedRuns())
      const { figures, isCut } = await figuresOf(invocation, since, { csv: files.csv, packed })
      if (isCut) output.note('there are more runs, which were not read: a shorter --since is whole')
      output.result({ ...figures, isComplete: !isCut }, () => figuresText(figures, output.paint))
      if (files.markdown) await writeReport(files.markdown, figuresMarkdown(figures))
      if (files.html && packed) {
        const { figuresHtml } = await import('../../../reports/figures/figures-html.ts')
        await writeReport(files.html, await figuresHtml(figures, packed))
      }
      for (const { file } of Object.values(files)) output.note(`wrote ${file}`)
    })
}

/** Loaded for a page only: it knows the machine of a run. */
async function packedRuns(): Promise<PackedRuns> {
  const { PackedRuns } = await import('../../../reports/page/packed-runs.ts')
  return new PackedRuns()
}

/** Counts the runs, and gives each to the reports that have all of them. */
async function figuresOf(
  invocation: Invocation,
  since: Options['since'],
  { csv, packed }: { csv: NamedFile | undefined; packed: PackedRuns | undefined },
) {
  const runs = await openRuns(invocation)
  const list = csv && growingFile(csv)
  try {
    const now = runs.clock.now()
    const from = since(now)
    const tally = new FigureTally()
    list?.write(csvLine(RUN_COLUMNS))
    const { isCut } = await visitRuns(runs.store, { since: from }, (run) => {
      tally.add(run)
      packed?.push(run)
      list?.write(csvLine(runCells(run)))
    })
    list?.end()
    const times = { since: new Date(from).toISOString(), until: new Date(now).toISOString() }
    return { figures: tally.result(times), isCut }
  } finally {
    list?.abandon()
    await runs.close()
  }
}
