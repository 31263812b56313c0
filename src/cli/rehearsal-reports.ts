import { type Command, Option } from 'commander'
import { messageOf } from '../playbook/message-of.ts'
import { findPolicy } from '../policy/file/find.ts'
import { GATES, type Gate, type Stopped, stoppedFinding, stoppedRun } from '../reports/rehearsal/gates.ts'
import type { GrowingReport } from '../reports/rehearsal/growing-report.ts'
import { csvReport } from '../reports/rehearsal/rehearsal-csv.ts'
import { htmlReport } from '../reports/rehearsal/rehearsal-html.ts'
import { junitReport } from '../reports/rehearsal/rehearsal-junit.ts'
import { markdownReport } from '../reports/rehearsal/rehearsal-markdown.ts'
import type { RehearsalEnd, RehearsalSink } from '../reports/rehearsal/sink.ts'
import type { RehearsalSummary } from '../reports/rehearsal/summary.ts'
import { listOf } from './input/list-of.ts'
import { filesIn } from './input/selection.ts'
import type { Invocation } from './program/invocation.ts'
import { inAllSinks } from './rehearsing/in-all-sinks.ts'
import { reportFiles, writeReport } from './report-files.ts'

/** Files, and what the rehearsal is failed on. */
export interface ReportOptions {
  html?: string
  markdown?: string
  csv?: string
  junit?: string
  failOn?: Gate[]
}

/** The forms of the report that are files, by their options. */
const FORMS = {
  html: { what: 'write the report as one HTML page', begin: htmlReport },
  markdown: { what: 'write the report as Markdown', begin: markdownReport },
  csv: { what: 'write a line of CSV for each run', begin: csvReport },
  junit: { what: 'write a test case of JUnit for each run', begin: junitReport },
} as const satisfies Record<string, { what: string; begin(gates: readonly Gate[]): GrowingReport }>
type Name = keyof typeof FORMS
const NAMES = Object.keys(FORMS) as Name[]

/** A command with the options of reports. */
export function addReports(command: Command): Command {
  for (const name of NAMES) command.addOption(new Option(`--${name} <file>`, FORMS[name].what))
  return command.addOption(
    new Option(
      '--fail-on <what>',
      `status 1 for any of these, listed with commas: ${GATES.join(', ')}`,
    ).argParser((text) => listOf('gate', text, GATES)),
  )
}

/** The reports of a rehearsal while it goes on. */
export interface OpenReports extends RehearsalSink {
  /** Writes the files. Errors: of the first one that cannot be written, when all others are. */
  finish(end: RehearsalEnd, summary: RehearsalSummary): Promise<void>
  /** How much of it a gate stops. */
  readonly stopped: number
}

/**
 * Before the work, which may take long: where the reports go. No file is created before it is whole.
 * @param events paths of what is read: neither these nor what is in a folder of them is written over
 */
export function openReports(
  invocation: Invocation,
  events: readonly string[],
  options: ReportOptions,
): OpenReports {
  const { failOn = [] } = options
  const { cwd, output } = invocation
  const named = namedIn(options)
  const read = Object.keys(named).length === 0 ? [] : [...events, ...filesIn(events, invocation)]
  const files = reportFiles<Name>(cwd, named, [...read, ...policiesOf(invocation)])
  const wanted = NAMES.flatMap((name) => {
    const file = files[name]
    return file === undefined ? [] : [{ name, file }]
  })
  const reports = wanted.map((each) => ({ ...each, report: FORMS[each.name].begin(failOn) }))
  const gate = gateKeeper(failOn)
  return {
    ...inAllSinks([...reports.map(({ report }) => report), gate]),
    async finish(end, summary) {
      const failures: unknown[] = []
      for (const { file, report } of reports) {
        try {
          await writeReport(file, await report.end(end, summary))
          output.note(`wrote ${file.file}`)
        } catch (error) {
          failures.push(error)
        }
      }
      if (gate.first) output.note(output.notePaint.warn(`--fail-on ${gate.text()}`))
      const [first, ...others] = failures
      for (const other of others) output.note(output.notePaint.warn(messageOf(other)))
      if (failures.length > 0) throw first
    },
    get stopped() {
      return gate.count
    },
  }
}

/** The policies by which is decided; what a deployment has rehearsed is decided already. */
function policiesOf({ cwd, env, shared }: Invocation): string[] {
  if (shared.stack !== undefined) return []
  const found = findPolicy({ named: shared.policy, env, cwd })
  return [found?.file, shared.otherPolicy].filter((file) => file !== undefined)
}

/** The files that they name, in the order of the forms. */
const namedIn = (options: ReportOptions): Partial<Record<Name, string>> =>
  Object.fromEntries(NAMES.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))

/** Counts what does not pass, and keeps the first of it. */
function gateKeeper(gates: readonly Gate[]) {
  const keeper = {
    count: 0,
    first: undefined as (Stopped & { what: string }) | undefined,
    run: (run) => keep(`run ${run.id}, ${run.resource}`, stoppedRun(run)),
    ignored: (one) => keep(`finding ${one.finding}`, stoppedFinding(one)),
    rejected: () => undefined,
    text: () => {
      const { gate = '', what = '', why = '' } = keeper.first ?? {}
      const others = keeper.count > 1 ? ` (and ${keeper.count - 1} more)` : ''
      return `${gate}: ${what}: ${why}${others}`
    },
  } satisfies RehearsalSink & Record<string, unknown>
  function keep(what: string, all: readonly Stopped[]): void {
    const stopped = all.filter(({ gate }) => gates.includes(gate))
    if (stopped.length === 0) return
    keeper.count++
    keeper.first ??= { ...stopped[0]!, what }
  }
  return keeper
}
