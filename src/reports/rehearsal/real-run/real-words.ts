import { MOST_LISTED } from '../../counts.ts'
import { spanText } from '../../figures/figures-table.ts'
import { count } from '../rehearsal.ts'
import type { SummaryList } from '../summary-list.ts'
import type { Range, RealRun } from './real-run.ts'

/** `812`, `812 to 1440`. */
export const rangeText = ({ least, most }: Range): string =>
  least === most ? `${most}` : `${least} to ${most}`

/** `9 s to 2 min`; `not timed` where nobody knows how long a call takes. */
export function secondsText(seconds: Range | null): string {
  if (seconds === null) return 'not timed'
  const [least, most] = [spanText(seconds.least * 1000), spanText(seconds.most * 1000)]
  return least === most ? most : `${least} to ${most}`
}

/** The figures that are looked at first. */
export function realFigures({ changes, calls, seconds, dollars }: RealRun): [string, string | number][] {
  return [
    ['calls that change something', changes],
    ['calls of the real thing', rangeText(calls)],
    ['time of the real thing, waits apart', secondsText(seconds)],
    ['cost of the real thing', `$${dollars.toFixed(2)}`],
  ]
}

/** The same in more detail. */
export function realLists({ places, waits }: RealRun): SummaryList[] {
  return [
    {
      name: 'What the real thing would take, by account and region',
      head: ['Account', 'Region', 'Changes', 'Dry runs', 'Reads', 'Calls', 'Time', 'Tried again here'],
      rows: places
        .slice(0, MOST_LISTED)
        .map(({ account, region, changes, dryRuns, reads, calls, seconds, retries }) => [
          ...[account, region, changes, dryRuns],
          ...[rangeText(reads), rangeText(calls), secondsText(seconds), retries],
        ]),
    },
    {
      name: 'What the real thing would wait for',
      head: ['For', 'Plans', 'At most'],
      rows: waits
        .slice(0, MOST_LISTED)
        .map((wait) => [
          wait.for,
          wait.plans,
          wait.seconds === null ? 'not known' : spanText(wait.seconds * 1000),
        ]),
    },
  ]
}

/** The same in a sentence; empty where nothing would be changed. */
export function realSentence({ changes, calls, seconds, waits }: RealRun): string {
  if (changes === 0) return ''
  const time = seconds === null ? '' : `, ${secondsText(seconds)}`
  const waiting = waits.map((wait) => `${wait.for} (${wait.plans})`).slice(0, 5)
  const more = waits.length > waiting.length ? ` and ${waits.length - waiting.length} more` : ''
  return [
    `the real thing: ${count(changes, 'change')} in ${rangeText(calls)} calls${time}`,
    ...(waiting.length > 0 ? [`waits for ${waiting.join(', ')}${more}`] : []),
  ].join('; and ')
}
