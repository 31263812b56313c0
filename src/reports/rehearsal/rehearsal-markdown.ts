import { markdownTable as table, markdownText as text } from '../markdown-words.ts'
import { difference } from '../run/difference.ts'
import {
  dryRunText,
  endOf,
  outcomeCounts,
  type Rehearsal,
  rehearsalSentence,
  wouldText,
} from './rehearsal.ts'

/** A rehearsal as Markdown (GitHub flavour), for a pull request or a ticket. */
export function rehearsalMarkdown(rehearsal: Rehearsal): string {
  const { runs, ignored, rejected, titles } = rehearsal
  return [
    '# Rehearsal',
    `${text(rehearsalSentence(rehearsal))}. Nothing was changed. Made ${rehearsal.at}.`,
    table(
      ['outcome', 'runs'],
      outcomeCounts(runs).map(({ outcome, count }) => [outcome, String(count)]),
    ),
    table(
      ['outcome', 'resource', 'playbook', 'apply', 'dry run', 'why'],
      runs.map((run) => [
        endOf(run),
        run.target.id,
        run.playbook,
        wouldText(run),
        dryRunText(run),
        run.reason,
      ]),
    ),
    ...runs
      .filter(({ plan }) => plan !== null)
      .map((run) =>
        [
          `## ${text(titles[run.playbook] ?? run.playbook)}: ${text(run.target.id)}`,
          fence(
            difference(run.plan?.before ?? null, run.plan?.after ?? null).map(
              (line) => `${line.sign} ${line.text}`,
            ),
          ),
          list([
            run.plan?.impact.summary ?? '',
            ...(run.plan?.warnings ?? []).map((warning) => `Warning: ${warning}`),
            ...(run.plan?.steps ?? []).map(
              ({ call, summary }) => `${call.service}:${call.operation}: ${summary}`,
            ),
            `Plan ${run.plan?.hash}`,
          ]),
        ].join('\n\n'),
      ),
    ...(ignored.length
      ? ['## Ignored', list(ignored.map(({ finding, reason }) => `${finding}: ${reason}`))]
      : []),
    ...(rejected.length
      ? ['## Unreadable', list(rejected.map(({ event, code, reason }) => `${event}: ${code}: ${reason}`))]
      : []),
  ]
    .join('\n\n')
    .concat('\n')
}

function list(items: string[]): string {
  return items
    .filter((item) => item !== '')
    .map((item) => `- ${text(item)}`)
    .join('\n')
}

/** A fence longer than any run of backticks inside it, so that no description can close it. */
function fence(lines: string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}diff`, ...lines, ticks].join('\n')
}
