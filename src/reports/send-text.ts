import type { Rejection } from '../findings/finding.ts'
import { columns } from './columns.ts'
import { type Paint, visible } from './paint.ts'
import { leftoversText } from './triage/triage-text.ts'

/**
 * What was handed to a deployment and who acts on it there, what was not and why, and where to look next.
 * @param options what the command that is proposed needs more
 */
export function sendText(
  {
    sent,
    unmatched,
    rejected,
  }: {
    sent: { event: string; matched: string[]; findings: Answered[] }[]
    unmatched: { event: string; reason: string }[]
    rejected: Rejection[]
  },
  options: string,
  paint: Paint,
): string {
  const rows = [
    ...sent.map(({ event, matched, findings }) => [
      paint.come('sent'),
      visible(event),
      [
        matched.length > 0
          ? `taken in by ${matched.map(visible).join(', ')}`
          : paint.warn('no rule takes it in'),
        ...new Set(findings.map((finding) => answerText(finding, paint))),
      ].join('; '),
    ]),
    ...unmatched.map(({ event, reason }) => [
      paint.warn('not sent'),
      visible(event),
      `${visible(reason)}; --yes sends it`,
    ]),
  ]
  const awaited = sent.some(({ findings }) =>
    findings.some(({ playbooks, unknown }) => playbooks.length > 0 || unknown !== undefined),
  )
  const next = awaited ? `\nNext, after a few seconds: rectify runs${options}` : ''
  const blocks = [...columns(rows), leftoversText([], rejected, paint), next]
  return blocks.filter(Boolean).join('\n') || 'nothing to send'
}

/** Which playbooks act on a finding, and why it may be others. */
interface Answered {
  playbooks: string[]
  ignored?: string
  unknown?: string
}

/** `for ec2-close-open-ingress`, or why nothing will come of it. */
function answerText({ playbooks, ignored = '', unknown }: Answered, paint: Paint): string {
  if (playbooks.length > 0) return `for ${playbooks.join(', ')}`
  if (unknown !== undefined) return `what comes of it is not known here: ${visible(unknown)}`
  return paint.warn(`nothing will come of it: ${visible(ignored)}`)
}
