import { type Bar, bars } from '../page/bars.ts'
import { type Html, html, table } from '../page/html.ts'
import type { PackedRuns } from '../page/packed-runs.ts'
import { pageHtml } from '../page/page.ts'
import { count } from '../rehearsal/rehearsal.ts'
import type { Figures, Group } from './figures.ts'
import { figureTables } from './figures-table.ts'
import { titleOf } from './figures-text.ts'

/**
 * What was done as one HTML page that needs nothing from anywhere; what anything from outside says stays text.
 * @param runs of which the page shows the newest
 */
export function figuresHtml(figures: Figures, runs: PackedRuns): Promise<string> {
  const [whole, ...others] = figureTables(figures)
  const facts = (whole?.rows ?? []).filter(([name = '']) => !name.startsWith('- '))
  const page = {
    title: titleOf(figures),
    heading: titleOf(figures),
    lead: html`<strong>${count(figures.runs, 'run')} about ${count(figures.findings, 'finding')}.</strong> As they stood at <time datetime="${figures.until}">${figures.until}</time>.`,
    overview: [
      html`<dl class="facts">
${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`,
      charts(figures),
      ...others.map(({ title, head, rows }) => table(title, head, rows)),
    ],
    appendix: [],
  }
  return pageHtml(page, runs)
}

const LEGEND = ['remediated', 'went wrong', 'open', 'other']

function charts({ byPlaybook, byDetector, byAccount, byDay, outcomes }: Figures): Html {
  const ends = Object.entries(outcomes).map(([name, count]) => ({ name, parts: [0, 0, 0, count] }))
  const all = [
    bars('Runs by outcome', ['', '', '', 'runs'], ends),
    bars('Runs by day', LEGEND, byDay.toReversed().map(barOf)),
    bars('Runs by playbook', LEGEND, byPlaybook.map(barOf)),
    bars('Runs by detector', LEGEND, byDetector.map(barOf)),
    bars('Runs by account', LEGEND, byAccount.map(barOf)),
  ]
  return html`<div class="charts">
${all.map((chart) => html`<div>${chart}</div>`)}
</div>`
}

function barOf({ name, runs, remediated, wentWrong, open }: Group): Bar {
  return { name, parts: [remediated, wentWrong, open, runs - remediated - wentWrong - open] }
}
