import type { Plan } from '../../playbook/plan.ts'
import type { Run } from '../../run/run.ts'
import { markdownTable as table, markdownText as text } from '../markdown-words.ts'
import { difference } from '../run/difference.ts'
import { collected } from './collected.ts'
import type { GrowingReport } from './growing-report.ts'
import { type MissingOfPrincipal, unlistedSentence } from './missing-permissions.ts'
import { dryRunText, endOf, wouldText } from './rehearsal.ts'
import { rehearsalSentence } from './sentence.ts'
import type { RehearsalSummary } from './summary.ts'
import { summaryLists } from './summary-lists.ts'
import { trafficLines, trafficSentence } from './traffic/traffic-words.ts'
import { twinLines, twinText } from './twin/twin-text.ts'

/** More of a kind are counted only: a pull request takes 65,536 characters. */
const MOST_LISTED = 500

/** A rehearsal as Markdown (GitHub flavour), for a pull request or a ticket. */
export function markdownReport(): GrowingReport<string> {
  const rows: string[][] = []
  const plans: ((title: string) => string)[] = []
  const playbooks: string[] = []
  const { sink, pieces } = collected(MOST_LISTED)
  const { ignored, rejected } = pieces
  return {
    ...sink,
    run(run) {
      if (rows.length === MOST_LISTED) return
      rows.push([endOf(run), run.target.id, run.playbook, wouldText(run), dryRunText(run), run.reason])
      const { plan } = run
      if (!plan) return
      playbooks.push(run.playbook)
      plans.push((title) => planText(run, plan, title))
    },
    end({ at, titles, incomplete }, summary) {
      const titleOf = (playbook = '') => titles[playbook] ?? playbook
      const parts = [
        '# Rehearsal',
        `${text(rehearsalSentence(summary))}. Nothing was changed. Made ${at}.`,
        ...incomplete.map((why) => `**This is not all:** ${text(why)}`),
        table(
          ['outcome', 'runs'],
          summary.outcomes.map(({ name, count }) => [name, String(count)]),
        ),
        ...firstThings(summary),
        table(['outcome', 'resource', 'playbook', 'apply', 'dry run', 'why'], rows),
        more(rows.length, summary.runs),
        ...plans.map((plan, index) => plan(titleOf(playbooks[index]))),
        ignored.length ? '## Ignored' : '',
        list(ignored.map(({ finding, reason }) => `${finding}: ${reason}`)),
        more(ignored.length, summary.ignored),
        rejected.length ? '## Unreadable' : '',
        list(rejected.map(({ event, code, reason }) => `${event}: ${code}: ${reason}`)),
        more(rejected.length, summary.rejected),
      ]
      return `${parts.filter(Boolean).join('\n\n')}\n`
    },
  }
}

const more = (listed: number, all: number): string =>
  listed < all ? `The first ${listed} of ${all}; the JSON and CSV reports have all.` : ''

function planText(
  { target, traffic, twin }: Run,
  { before, after, impact, warnings, steps, hash }: Plan,
  title: string,
): string {
  return [
    `## ${text(title)}: ${text(target.id)}`,
    fence(difference(before, after).map(({ sign, text: line }) => `${sign} ${line}`)),
    list([
      impact.summary,
      ...trafficLines(traffic).map((line) => `Traffic: ${line}`),
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...steps.map(({ call, summary }) => `${call.service}:${call.operation}: ${summary}`),
      ...(twin ? [`Twin ${twinText(twin)}`, ...twinLines(twin).map((line) => `Twin: ${line}`)] : []),
      `Plan ${hash}`,
    ]),
  ].join('\n\n')
}

function lacking(missing: MissingOfPrincipal): string {
  const { principal, where, permissions, policy } = missing
  return [
    `${text(principal)} lacks (${where}):`,
    list(
      permissions.map(({ action, resource, none }) =>
        [`${action} on ${resource}`, none].filter(Boolean).join(': '),
      ),
    ),
    text(unlistedSentence(missing) ?? ''),
    policy ? fence(JSON.stringify(policy, null, 2).split('\n'), 'json') : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** What is read before any single run. */
function firstThings(summary: RehearsalSummary): string[] {
  const lists = summaryLists(summary).map(({ name, head, rows }) =>
    [
      `**${name}**`,
      table(
        head,
        rows.map((row) => row.map(String)),
      ),
    ].join('\n\n'),
  )
  const { changes, reckonedFrom } = summary.real
  const from = changes === 0 ? [] : [text(`How calls and time were reckoned. ${reckonedFrom.join(' ')}`)]
  const traffic = trafficSentence(summary.traffic)
  return [...(traffic ? [text(`${traffic}.`)] : []), ...summary.missing.map(lacking), ...lists, ...from]
}

function list(items: string[]): string {
  return items
    .filter((item) => item !== '')
    .map((item) => `- ${text(item)}`)
    .join('\n')
}

/** A fence longer than any run of backticks inside it, so that no description can close it. */
function fence(lines: string[], language = 'diff'): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}${language}`, ...lines, ticks].join('\n')
}
