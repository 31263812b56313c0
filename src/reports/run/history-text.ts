import { shortHash } from '../../playbook/plan.ts'
import type { Card } from '../../run/card.ts'
import { wayOf } from '../../run/identity.ts'
import type { Asked, AuditEntry, Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { valueText } from './difference.ts'

/** Who was asked about a run and who decided what, by which way, and what happened when. */
export function historyText(
  run: Run,
  { audit, card }: { audit: AuditEntry[]; card?: Card | undefined },
  paint: Paint,
): string {
  const decisions = run.decisions.map(({ at, verdict, by, person, hash, until, reason }) => [
    at,
    until === undefined ? verdict : `${verdict} until ${until}`,
    visible(person === undefined ? by : `${by} (${person})`),
    wayOf(by),
    shortHash(hash),
    visible(reason ?? ''),
  ])
  const events = audit.map(({ at, event, by, detail }) => [
    at,
    event,
    visible(by ?? ''),
    detail === undefined ? '' : paint.faint(valueText(detail)),
  ])
  return [
    ...section('Asked', askedRows(run, card), paint),
    ...section('Decisions', decisions, paint),
    ...section('Audit', events, paint),
  ].join('\n')
}

/** Who may decide, from when on, and where they are asked. */
function askedRows({ approval, asked, waitingUntil }: Run, card: Card | undefined): string[][] {
  if (!approval || !asked) return []
  const { approvers, quorum, channel, escalate = [], workspace } = approval
  const until = waitingUntil === undefined ? [] : [`until ${waitingUntil}`]
  const where = channel === undefined || workspace === undefined ? [] : [`in Slack ${channel} (${workspace})`]
  const first = [`${quorum} of ${approvers?.join(', ') ?? 'anybody'}`, ...where, ...until].join(', ')
  const further = escalate.map(({ after, approvers: more }) => [
    `after ${after}`,
    visible(`also ${more.join(', ')}`),
  ])
  const reminded = asked.reminded === undefined ? [] : [['reminded', REMINDED[asked.reminded]]]
  const shown = card?.ts === undefined ? [] : [['card', visible(`${card.channel} ${card.ts}`)]]
  return [[asked.at, visible(first)], ...shown, ...further, ...reminded]
}

const REMINDED = {
  half: 'when half of the time was over',
  lastTenth: 'when a tenth of the time was left',
} satisfies Record<NonNullable<Asked['reminded']>, string>

function section(title: string, rows: string[][], paint: Paint): string[] {
  return rows.length === 0 ? [] : [paint.strong(title), ...columns(rows).map((line) => `  ${line}`)]
}
