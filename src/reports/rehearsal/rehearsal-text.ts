import { shortHash } from '../../playbook/plan.ts'
import type { Twin } from '../../run/rehearsed/twin.ts'
import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { changeLines } from '../run/plan-text.ts'
import { endText } from '../run/run-text.ts'
import { togetherText, toldTogether } from '../run/told-together.ts'
import { leftoversText } from '../triage/triage-text.ts'
import { realSentence } from './real-run/real-words.ts'
import { dryRunText, type Rehearsal, wouldText } from './rehearsal.ts'
import { rehearsalSentence } from './sentence.ts'
import { type RehearsalSummary, summaryOf } from './summary.ts'
import { trafficLines, trafficSentence } from './traffic/traffic-words.ts'
import { twinText } from './twin/twin-text.ts'

/**
 * A rehearsal for a terminal: one block per run with what would change, those of one finding together, then what has no run
 * and why, then one sentence.
 * @param summary of all that it came to, where not all of it is shown
 */
export function rehearsalText(
  rehearsal: Rehearsal,
  paint: Paint,
  summary: RehearsalSummary = summaryOf(rehearsal),
): string {
  const block = (run: Run) => {
    const dryRun = dryRunText(run)
    const facts = [
      ...(run.plan ? [['apply', `${paint.strong(visible(wouldText(run)))}: ${visible(whose(run))}`]] : []),
      ...(run.plan && run.reason === whose(run) ? [] : [['why', visible(run.reason)]]),
      ...(dryRun ? [['dry run', dryRun.startsWith('denied') ? paint.gone(visible(dryRun)) : dryRun]] : []),
      ...(run.twin ? [['twin', twinPainted(run.twin, paint)]] : []),
      ...(run.plan?.warnings ?? []).map((warning) => [paint.warn('warning'), paint.warn(visible(warning))]),
      ...trafficLines(run.traffic).map((line) => ['traffic', visible(line)]),
      ...(run.plan ? [['plan', shortHash(run.plan.hash)]] : []),
    ]
    return [
      `${endText(run, paint)}  ${paint.strong(visible(run.target.id))}  ${rehearsal.titles[run.playbook] ?? run.playbook}`,
      ...(run.plan ? changeLines(run.plan, paint) : []),
      ...columns(facts).map((line) => `    ${line}`),
    ].join('\n')
  }
  const blocks = toldTogether(rehearsal.runs).flatMap((group) => [
    togetherText(group, paint),
    ...group.runs.map(block),
  ])
  const leftovers = leftoversText(rehearsal.ignored, rehearsal.rejected, paint)
  const end = [
    paint.strong(rehearsalSentence(summary)),
    trafficSentence(summary.traffic),
    realSentence(summary.real),
  ]
    .filter(Boolean)
    .join('\n')
  return [...blocks, leftovers, end].filter(Boolean).join('\n\n')
}

function twinPainted(twin: Twin, paint: Paint): string {
  const text = visible(twinText(twin))
  return twin.status === 'disagrees' ? paint.gone(text) : text
}

/** Whose word it is: the rule's. */
function whose({ ruling, reason }: Run): string {
  return ruling?.reason ?? reason
}
