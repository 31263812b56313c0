import type { Spread } from '../figures.ts'
import { sum } from '../growth/cost.ts'
import { table } from '../markdown-table.ts'
import { costs } from '../storm/storm-tables.ts'
import { costOfApprovals, costOfMonthWithSlack } from './approval-cost.ts'
import type { Approvals, Scene } from './approvals.ts'

/** What people decided in Slack, for a person, as Markdown tables. */
export function approvalsTables({ order, alone, among, life }: Approvals): string {
  const scenes: [name: string, scene: Scene][] = [
    ['those that are decided', alone],
    [`${order.beside} more`, among],
  ]
  return [
    `Runs that wait for approval in one channel of a stand-in Slack at Slack's own rates, ${order.decisions} clicks on their cards`,
    'while as many automatic runs are carried out; through the deployed stack in the sandbox',
    '',
    'How they came to stand there, all found at once (s)',
    '',
    table(
      [
        'waiting',
        'all asked',
        'all shown',
        'shown per second',
        'asked to shown, p50, p99',
        'posted',
        'changed',
        '429s',
      ],
      scenes.map(([, scene]) => shownRow(scene)),
    ),
    'Clicks: until the receiver answers, as Slack measures it, and until the change of that group is sent (ms)',
    '',
    table(
      ['beside', 'waiting', 'n', 'answer, p50, p99', 'change, p50, p99', '429s'],
      [...scenes.map(([name, scene]) => clicksRow(name, scene)), ratioRow(alone, among)],
    ),
    `What one click asks for, by all functions together, until its card shows the end (mean of ${order.counted})`,
    '',
    table(
      ['beside', 'calls of AWS', 'of DynamoDB', 'items asked for', 'of Slack', 'most'],
      [...scenes.map(([name, scene]) => workRow(name, scene)), workRatio(alone, among)],
    ),
    `What Slack adds to 1,000 approvals, by ${life.approvals} that came one at a time`,
    '',
    costs(costOfApprovals(life)),
    'What Slack adds to a month without findings',
    '',
    costs(costOfMonthWithSlack()),
  ].join('\n')
}

function shownRow({ shown }: Scene): string[] {
  const { runs, askedSeconds, shownSeconds, perSecond, lag, posts, updates, limited } = shown
  const seconds = [askedSeconds, shownSeconds, perSecond].map((value) => value.toFixed(1))
  return [String(runs), ...seconds, both(lag, 1), String(posts), String(updates), named(limited)]
}

function clicksRow(name: string, { decided }: Scene): string[] {
  const { waiting, answer, change, limited } = decided
  return [name, String(waiting), String(answer.n), both(answer), both(change), named(limited)]
}

function ratioRow(alone: Scene, among: Scene): string[] {
  const ratio = (kind: 'answer' | 'change') => {
    const [one, other] = [among.decided[kind], alone.decided[kind]]
    return `${(one.p50 / other.p50).toFixed(2)}, ${(one.p99 / other.p99).toFixed(2)}`
  }
  return ['ratio', '', '', ratio('answer'), ratio('change'), '']
}

function workRow(name: string, { work }: Scene): string[] {
  const { calls, keys } = work.cost
  const most = Object.entries(calls).toSorted(([, a], [, b]) => b - a)
  return [
    name,
    sum(calls).toFixed(1),
    dynamoCalls(work).toFixed(1),
    sum(keys).toFixed(1),
    sum(work.slack).toFixed(1),
    most
      .slice(0, 3)
      .map(([call, count]) => `${count.toFixed(1)} ${call}`)
      .join(', '),
  ]
}

function workRatio(alone: Scene, among: Scene): string[] {
  const ratio = (of: (work: Scene['work']) => number) => (of(among.work) / of(alone.work)).toFixed(2)
  return [
    'ratio',
    ratio(({ cost }) => sum(cost.calls)),
    ratio(dynamoCalls),
    ratio(({ cost }) => sum(cost.keys)),
    ratio(({ slack }) => sum(slack)),
    '',
  ]
}

/** What asks for items is of DynamoDB. */
function dynamoCalls({ cost }: Scene['work']): number {
  return sum(Object.fromEntries(Object.entries(cost.calls).filter(([operation]) => operation in cost.keys)))
}

const both = ({ p50, p99 }: Spread, digits = 0) => `${p50.toFixed(digits)}, ${p99.toFixed(digits)}`

const named = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([method, count]) => `${count} ${method}`)
    .join(', ') || '0'
