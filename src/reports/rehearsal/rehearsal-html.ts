import { bars } from '../page/bars.ts'
import { facts, type Html, html, table } from '../page/html.ts'
import { PackedRuns } from '../page/packed-runs.ts'
import { pageHtml } from '../page/page.ts'
import { collected } from './collected.ts'
import type { GrowingReport } from './growing-report.ts'
import { type MissingOfPrincipal, unlistedSentence } from './missing-permissions.ts'
import type { RealRun } from './real-run/real-run.ts'
import { realFigures } from './real-run/real-words.ts'
import { count } from './rehearsal.ts'
import { rehearsalSentence } from './sentence.ts'
import type { By, RehearsalSummary, Split } from './summary.ts'
import { summaryLists } from './summary-lists.ts'
import { trafficSentence } from './traffic/traffic-words.ts'

/** More of a kind are counted only: nobody reads them here. */
const MOST_LISTED = 1_000

/** A rehearsal as one HTML page that needs nothing from anywhere; what anything from outside says stays text. */
export function htmlReport(): GrowingReport<string> {
  const packed = new PackedRuns()
  const { sink, pieces } = collected(MOST_LISTED)
  const { ignored, rejected } = pieces
  return {
    ...sink,
    run: (run) => packed.add(run),
    end({ at, incomplete }, summary) {
      const sentence = rehearsalSentence(summary)
      const page = {
        title: `Rehearsal: ${sentence}`,
        heading: 'Rehearsal',
        lead: html`<strong>${sentence}.</strong> Nothing was changed. Made <time datetime="${at}">${at}</time>.`,
        overview: [
          ...incomplete.map((why) => html`<p class="warning">This is not all: ${why}</p>`),
          facts(firstFigures(summary)),
          charts(summary),
          ...firstThings(summary),
        ],
        appendix: [
          table(
            titled('Ignored findings', ignored.length, summary.ignored),
            ['Finding', 'Why'],
            ignored.map(({ finding, reason }) => [finding, reason]),
          ),
          table(
            titled('Unreadable events', rejected.length, summary.rejected),
            ['Event', 'Code', 'Why'],
            rejected.map(({ event, code, reason }) => [event, code, reason]),
          ),
        ],
      }
      return pageHtml(page, packed)
    },
  }
}

const titled = (name: string, listed: number, all: number): string =>
  listed < all ? `${name} (the first ${listed} of ${all})` : name

/** The figures that are looked at first. */
function firstFigures({
  would,
  denied,
  notCheckable,
  lasting,
  open,
  real,
  twins,
}: RehearsalSummary): [string, string | number][] {
  return [
    ['would act by themselves', would.act],
    ['would ask', would.ask],
    ['would be left alone', would.leave],
    ['with a call that is denied', denied],
    ['with a call nobody can check', notCheckable],
    ['cannot be taken back', lasting],
    ['findings no playbook answers', open],
    ...realFigures(real),
    ...(twins ? twinFigures(twins) : []),
  ]
}

const twinFigures = (twins: NonNullable<RehearsalSummary['twins']>): [string, number][] => [
  ['twins that agree', twins.agrees],
  ['twins that disagree', twins.disagrees],
  ['twins that could not be made or shown', twins.notCopied + twins.notShown],
]

const LEGEND = ['acts', 'asks', 'left alone', 'no plan']

/** What apply would do, by what people ask for. */
function charts({ by, outcomes }: RehearsalSummary): Html {
  const split = (caption: string, what: By) =>
    bars(
      caption,
      what,
      LEGEND,
      by[what].map(({ name, ...parts }) => ({ name, parts: partsOf(parts) })),
    )
  const ends = outcomes.map(({ name, count }) => ({ name, parts: [0, count] }))
  return html`<div class="charts">
${[
  bars('By outcome', 'outcome', ['', 'runs'], ends),
  split('By playbook', 'playbook'),
  split('By account', 'account'),
  split('By day on which it was found', 'day'),
].map((chart) => html`<div>${chart}</div>`)}
</div>`
}

const partsOf = ({ act, ask, leave, none }: Omit<Split, 'name'>): number[] => [act, ask, leave, none]

/** The lists that are read before any single run. */
function firstThings(summary: RehearsalSummary): Html[] {
  const traffic = trafficSentence(summary.traffic)
  return [
    ...(traffic ? [html`<p>${traffic}.</p>`] : []),
    ...summary.missing.map(lacking),
    ...summaryLists(summary).map(({ name, head, rows }) => table(name, head, rows)),
    reckoned(summary.real),
  ]
}

/** From what the figures of the real thing were reckoned. */
function reckoned({ changes, reckonedFrom }: RealRun): Html {
  return changes === 0 ? html`` : html`<p>How calls and time were reckoned. ${reckonedFrom.join(' ')}</p>`
}

/** What a principal lacks, with the policy that can be pasted where it says. */
function lacking(missing: MissingOfPrincipal): Html {
  const { principal, where, permissions, stopped: inAll, policy } = missing
  const unlisted = unlistedSentence(missing)
  return html`${table(
    `What ${principal} lacks (${where}), which stops ${count(inAll, 'run')}`,
    ['Action', 'Resource', 'Runs', 'No statement grants it'],
    permissions.map(({ action, resource, runs: stopped, none = '' }) => [
      action,
      resource,
      stopped.length,
      none,
    ]),
  )}
${unlisted ? html`<p>${unlisted}.</p>` : ''}
${
  policy
    ? html`<pre tabindex="0" aria-label="Policy that grants it">${JSON.stringify(policy, null, 2)
        .split('\n')
        .map((line) => html`${line}\n`)}</pre>`
    : ''
}`
}
