import { type Figures, falseAlarmsIn, type Group } from './figures.ts'
import type { Durations } from './quantiles.ts'

/** A table of a report, as plain text: what is from outside is made safe by whoever writes it. */
export interface FigureTable {
  title: string
  head: string[]
  rows: string[][]
}

/** The figures as the forms for people show them, the same in each. */
export function figureTables(figures: Figures): FigureTable[] {
  const { byPlaybook, byDetector, byAccount, byDay } = figures
  return [
    { title: 'In all', head: ['what', 'number'], rows: wholeRows(figures) },
    groupTable('By playbook', 'playbook', byPlaybook),
    groupTable('By detector', 'detector', byDetector),
    groupTable('By account', 'account', byAccount),
    groupTable('By day', 'day', byDay),
  ].filter(({ rows }) => rows.length > 0)
}

function wholeRows(figures: Figures): string[][] {
  const { runs, findings, outcomes, timeToRemediate, timeToDecide, falseAlarms, open, cost } = figures
  const { reopened, undone, ended } = figures
  return [
    ['findings', String(findings)],
    ['runs', String(runs)],
    ...Object.entries(outcomes).map(([outcome, count]) => [`- ${outcome}`, String(count)]),
    ['time to remediate', `${durationsText(timeToRemediate)}${sinceText(timeToRemediate)}`],
    ['time to decide', durationsText(timeToDecide)],
    ['put right, and came back', String(reopened)],
    ['undone by people', String(undone)],
    ['time-boxed changes that ended', String(ended)],
    [
      'false alarms',
      `${falseAlarmsIn(figures)} (${falseAlarms.alreadyCompliant} already compliant, ${falseAlarms.notApplicable} not applicable, ${falseAlarms.exempted} exempted by people)`,
    ],
    ['still open', `${open.all} (${open.asking} wait for a person, ${open.held} held by a guard rail)`],
    [
      'cost of as many runs in a deployment',
      `${dollarsText(cost.dollars)} (${cost.automatic} without a question, ${cost.asked} with one, ${cost.inSlack} of these in Slack)`,
    ],
  ]
}

function sinceText({ count, fromFinding, fromStart }: Figures['timeToRemediate']): string {
  if (count === 0) return ''
  return `; since the finding ${fromFinding}, since the start of the run ${fromStart}`
}

function groupTable(title: string, name: string, groups: readonly Group[]): FigureTable {
  return {
    title,
    head: [name, 'runs', 'findings', 'remediated', 'went wrong', 'open', 'p50', 'p95'],
    rows: groups.map(({ timeToRemediate: { p50, p95 }, ...group }) => [
      group.name,
      ...[group.runs, group.findings, group.remediated, group.wentWrong, group.open].map(String),
      spanText(p50),
      spanText(p95),
    ]),
  }
}

/** `p50 12 s, p95 3 min (80)` */
export function durationsText({ count, p50, p95 }: Durations): string {
  return count === 0 ? 'none' : `p50 ${spanText(p50)}, p95 ${spanText(p95)} (${count})`
}

const UNITS: readonly [ms: number, unit: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
]

/** A duration by its largest unit, with one digit more below ten of it: `2.5 h`, `41 s`, `120 ms`; `–` for none. */
export function spanText(ms: number | null): string {
  if (ms === null) return '–'
  const [size, unit] = UNITS.find(([each]) => ms >= each) ?? [1, 'ms']
  const count = ms / size
  return `${count < 10 && unit !== 'ms' ? Number(count.toFixed(1)) : Math.round(count)} ${unit}`
}

/** Four digits behind the point where there is less than a dollar: a run costs less than a cent. */
export const dollarsText = (dollars: number): string => `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`
