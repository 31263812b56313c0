import type { Rejection } from '../findings/finding.ts'
import { columns } from './columns.ts'
import { type Paint, visible } from './paint.ts'
import { leftoversText } from './triage-text.ts'

/** What was handed to a deployment, what was not and why, and where to look next. */
export function sendText(
  {
    sent,
    unmatched,
    rejected,
  }: {
    sent: { event: string; matched: string[] }[]
    unmatched: { event: string; reason: string }[]
    rejected: Rejection[]
  },
  stack: string,
  paint: Paint,
): string {
  const rows = [
    ...sent.map(({ event, matched }) => [
      paint.come('sent'),
      visible(event),
      matched.length > 0
        ? `taken in by ${matched.map(visible).join(', ')}`
        : paint.warn('no rule takes it in'),
    ]),
    ...unmatched.map(({ event, reason }) => [
      paint.warn('not sent'),
      visible(event),
      `${visible(reason)}; --yes sends it`,
    ]),
  ]
  const next = sent.length > 0 ? `\nNext: rectify runs --stack ${stack}` : ''
  const blocks = [...columns(rows), leftoversText([], rejected, paint), next]
  return blocks.filter(Boolean).join('\n') || 'nothing to send'
}
