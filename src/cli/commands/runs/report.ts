import { type Command, Option } from 'commander'
import { csvLine } from '../../../reports/csv.ts'
import { type Figures, FigureTally } from '../../../reports/figures/figures.ts'
import { figuresMarkdown } from '../../../reports/figures/figures-markdown.ts'
import { figuresText } from '../../../reports/figures/figures-text.ts'
import { RUN_COLUMNS, runRow } from '../../../reports/figures/run-row.ts'
import type { Run } from '../../../run/run.ts'
import { visitRuns } from '../../../run/visit-runs.ts'
import { momentIn } from '../../input/run-filter.ts'
import { openRuns } from '../../open-runs.ts'
import type { Invocation } from '../../program/invocation.ts'
import { lineFile, mustBeWritable, writeReport } from '../../report-files.ts'

const EXAMPLES = `
Examples:
  rectify report                                  the last 30 days of the local runs
  rectify report --since 90d --stack prod --markdown report.md
  rectify report --since 2026-11-01 --stack prod --csv runs.csv
  rectify report --json | jq '.byPlaybook[] | {name, runs, timeToRemediate}'

Time to remediate is counted from when the detector saw it (else from the start of the run) to the re-read that proved it
closed; time to decide from the question to the word that decided. The CSV file has one line for each run. Cost is that of
as many runs in a deployment, by the arithmetic of docs/operations.md.`

interface Options {
  since: (now: number) => number
  markdown?: string
  csv?: string
}

/** `rectify report`: figures of what was done, from stored runs. No AWS; with `--stack` the deployment's table. */
export function report(command: Command, invocation: Invocation): void {
  command
    .addOption(
      new Option('--since <when>', 'runs started since: 24h, 7d, 2026-11-20')
        .argParser(momentIn)
        .default(momentIn('30d'), '30d'),
    )
    .addOption(new Option('--markdown <file>', 'also write the figures there, as Markdown'))
    .addOption(new Option('--csv <file>', 'also write the runs there, a line each'))
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const { cwd, output } = invocation
      const { markdown, csv } = options
      await mustBeWritable(cwd, { markdown, csv })
      const { figures, isCut } = await figuresOf(invocation, options)
      if (isCut) output.note(`only the newest ${figures.runs} runs were read: a shorter --since is whole`)
      output.result({ ...figures, isComplete: !isCut }, () => figuresText(figures, output.paint))
      if (markdown !== undefined) await writeReport(cwd, markdown, figuresMarkdown(figures))
      for (const file of [markdown, csv]) if (file !== undefined) output.note(`wrote ${file}`)
    })
}

async function figuresOf(
  invocation: Invocation,
  { since, csv }: Options,
): Promise<{ figures: Figures; isCut: boolean }> {
  const runs = await openRuns(invocation)
  const list = csv === undefined ? undefined : lineFile(invocation.cwd, csv)
  try {
    const now = runs.clock.now()
    const from = since(now)
    const tally = new FigureTally()
    list?.line(csvLine([...RUN_COLUMNS]))
    const { isCut } = await visitRuns(runs.store, { since: from }, (run) => {
      tally.add(run)
      list?.line(lineOf(run))
    })
    const times = { since: new Date(from).toISOString(), until: new Date(now).toISOString() }
    return { figures: tally.result(times), isCut }
  } finally {
    list?.close()
    await runs.close()
  }
}

function lineOf(run: Run): string {
  const row = runRow(run)
  return csvLine(RUN_COLUMNS.map((column) => row[column]))
}
