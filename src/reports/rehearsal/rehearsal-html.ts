import type { Ignored } from '../../engine/ports.ts'
import type { Rejection } from '../../findings/finding.ts'
import { bars } from '../page/bars.ts'
import { type Html, html, table } from '../page/html.ts'
import { PackedRuns } from '../page/packed-runs.ts'
import { pageHtml } from '../page/page.ts'
import type { MissingOfPrincipal } from './missing-permissions.ts'
import { count } from './rehearsal.ts'
import { rehearsalSentence } from './sentence.ts'
import type { GrowingReport } from './sink.ts'
import { type By, type RehearsalSummary, RehearsalTally, type Split } from './summary.ts'

/** More of a kind are counted only: nobody reads them here. */
const MOST_LISTED = 1_000

/** A rehearsal as one HTML page that needs nothing from anywhere; what anything from outside says stays text. */
export function htmlReport(): GrowingReport {
  const tally = new RehearsalTally()
  const packed = new PackedRuns()
  const ignored: Ignored[] = []
  const rejected: Rejection[] = []
  return {
    run(run) {
      tally.run(run)
      return packed.add(run)
    },
    ignored(one) {
      tally.ignored(one)
      if (ignored.length < MOST_LISTED) ignored.push(one)
    },
    rejected(one) {
      tally.rejected(one)
      if (rejected.length < MOST_LISTED) rejected.push(one)
    },
    end({ at, incomplete }) {
      const summary = tally.summary()
      const sentence = rehearsalSentence(summary)
      const page = {
        title: `Rehearsal: ${sentence}`,
        heading: 'Rehearsal',
        lead: html`<strong>${sentence}.</strong> Nothing was changed. Made <time datetime="${at}">${at}</time>.`,
        overview: [
          ...incomplete.map((why) => html`<p class="warning">This is not all: ${why}</p>`),
          facts(summary),
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
function facts({ would, denied, notCheckable, irreversible, unanswered, real }: RehearsalSummary): Html {
  const shown: [string, string | number][] = [
    ['would act by themselves', would.act],
    ['would ask', would.ask],
    ['would be left alone', would.leave],
    ['with a call that is denied', denied],
    ['with a call nobody can check', notCheckable],
    ['cannot be taken back', irreversible.reduce((sofar, { plans }) => sofar + plans, 0)],
    ['findings no playbook answers', unanswered.reduce((sofar, { findings }) => sofar + findings, 0)],
    ['calls that change something', real.changes],
    ['cost of the real thing', `$${real.dollars.toFixed(2)}`],
  ]
  return html`<dl class="facts">
${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`
}

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
  return [...summary.missing.map(lacking), ...lists(summary)]
}

/** What a principal lacks, with the policy that can be pasted where it says. */
function lacking({ principal, where, permissions, runs, policy }: MissingOfPrincipal): Html {
  return html`${table(
    `What ${principal} lacks (${where}), which stops ${count(runs.length, 'run')}`,
    ['Action', 'Resource', 'Runs', 'No statement grants it'],
    permissions.map(({ action, resource, runs: stopped, none = '' }) => [
      action,
      resource,
      stopped.length,
      none,
    ]),
  )}
${
  policy
    ? html`<pre tabindex="0" aria-label="Policy that grants it">${JSON.stringify(policy, null, 2)
        .split('\n')
        .map((line) => html`${line}\n`)}</pre>`
    : ''
}`
}

function lists(summary: RehearsalSummary): Html[] {
  const { asked, repeated, held, managed, irreversible, unproven, unanswered } = summary
  return [
    table(
      'Who would be asked',
      ['Who', 'Runs', 'A day'],
      asked.map(({ whom, runs, perDay }) => [whom, runs, perDay]),
    ),
    table(
      'Resources that more than one plan changes',
      ['Resource', 'Plans', 'Playbooks'],
      repeated.map(({ resource, plans, playbooks }) => [resource, plans, playbooks.join(', ')]),
    ),
    table(
      'What a guard rail would hold',
      ['Why', 'Plans'],
      held.map(({ reason, plans }) => [reason, plans]),
    ),
    table(
      'What somebody else puts back',
      ['By', 'Where', 'Plans'],
      managed.map(({ by, where, plans }) => [by, where, plans]),
    ),
    table(
      'What cannot be taken back',
      ['Playbook', 'Why', 'Plans'],
      irreversible.map(({ playbook, why, plans }) => [playbook, why, plans]),
    ),
    table(
      'What cannot be proven',
      ['Playbook', 'Why', 'Plans'],
      unproven.map(({ playbook, why, plans }) => [playbook, why, plans]),
    ),
    table(
      'Findings that no playbook answers',
      ['Detector', 'Type', 'Findings'],
      unanswered.map(({ source, type, findings }) => [source, type, findings]),
    ),
  ]
}
