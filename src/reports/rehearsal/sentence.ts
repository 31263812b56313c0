import { count, WOULD } from './rehearsal.ts'
import type { RehearsalSummary } from './summary.ts'
import { twinsSentence } from './twin/twin-text.ts'

/** One sentence that sums it up: `3 plans: 1 would act by itself, 2 would ask; 1 dry run denied; 2 without a plan`. */
export function rehearsalSentence(summary: RehearsalSummary): string {
  const { plans, would, denied, withoutPlan, failed, ignored, rejected, twins } = summary
  const ways = (['act', 'ask', 'leave'] as const)
    .filter((way) => would[way] > 0)
    .map((way) => `${would[way]} ${WOULD[way]}`)
  const parts = [
    [count(plans, 'plan'), ways.join(', ')].filter(Boolean).join(': '),
    twins ? twinsSentence(twins) : '',
    denied ? `${count(denied, 'dry run')} denied` : '',
    withoutPlan ? `${withoutPlan} without a plan` : '',
    failed ? `${failed} failed` : '',
    ignored ? `${count(ignored, 'finding')} ignored` : '',
    rejected ? `${count(rejected, 'event')} unreadable` : '',
  ]
  return parts.filter(Boolean).join('; ')
}
