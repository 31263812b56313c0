import { type Bar, bars } from '../page/bars.ts'
import { facts, type Html, html, table } from '../page/html.ts'
import type { PackedRuns } from '../page/packed-runs.ts'
import { pageHtml } from '../page/page.ts'
import { count } from '../rehearsal/rehearsal.ts'
import { type Figures, falseAlarmsIn, type Group, wentWrongIn } from './figures.ts'
import { dollarsText, figureTables, spanText } from './figures-table.ts'
import { titleOf } from './figures-text.ts'

/**
 * What was done as one HTML page that needs nothing from anywhere; what anything from outside says stays text.
 * @param runs of which the page shows the newest
 */
export function figuresHtml(figures: Figures, runs: PackedRuns): Promise<string> {
  const page = {
    title: titleOf(figures),
    heading: titleOf(figures),
    lead: html`<strong>${count(figures.runs, 'run')} about ${count(figures.findings, 'finding')}.</strong> As they stood at <time datetime="${figures.until}">${figures.until}</time>.`,
    overview: [
      facts(firstFigures(figures)),
      charts(figures),
      ...figureTables(figures).map(({ title, head, rows }) => table(title, head, rows)),
    ],
    appendix: [],
  }
  return pageHtml(page, runs)
}

/** The figures that are looked at first, one number each; a table below says what is in them. */
function firstFigures(figures: Figures): [string, string | number][] {
  const { outcomes, timeToRemediate, timeToDecide, reopened, undone, open, cost } = figures
  return [
    ['remediated', outcomes.remediated ?? 0],
    ['went wrong', wentWrongIn(figures)],
    ['still open', open.all],
    ['time to remediate, half of them', spanText(timeToRemediate.p50)],
    ['time to remediate, 19 of 20', spanText(timeToRemediate.p95)],
    ['time to decide, half of them', spanText(timeToDecide.p50)],
    ['put right, and came back', reopened],
    ['undone by people', undone],
    ['false alarms', falseAlarmsIn(figures)],
    ['cost of as many runs in a deployment', dollarsText(cost.dollars)],
  ]
}

/** In the order of the page's colours: what went wrong is red. */
const LEGEND = ['remediated', 'other', 'open', 'went wrong']

function charts({ byPlaybook, byDetector, byAccount, byDay, outcomes }: Figures): Html {
  const ends = Object.entries(outcomes).map(([name, count]) => ({ name, parts: [0, count] }))
  const all = [
    bars('Runs by outcome', 'outcome', ['', 'runs'], ends),
    bars('Runs by day', 'day', LEGEND, byDay.toReversed().map(barOf)),
    bars('Runs by playbook', 'playbook', LEGEND, byPlaybook.map(barOf)),
    bars('Runs by detector', 'detector', LEGEND, byDetector.map(barOf)),
    bars('Runs by account', 'account', LEGEND, byAccount.map(barOf)),
  ]
  return html`<div class="charts">
${all.map((chart) => html`<div>${chart}</div>`)}
</div>`
}

function barOf({ name, runs, remediated, wentWrong, open }: Group): Bar {
  return { name, parts: [remediated, runs - remediated - wentWrong - open, open, wentWrong] }
}
