import { shortHash } from '../../playbook/plan.ts'
import type { AuditEntry, Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { valueText } from './difference.ts'

/** Who decided what about a run, and what happened when. */
export function historyText(run: Run, audit: AuditEntry[], paint: Paint): string {
  const decisions = run.decisions.map(({ at, verdict, by, hash, reason }) => [
    at,
    verdict,
    visible(by),
    shortHash(hash),
    visible(reason ?? ''),
  ])
  const events = audit.map(({ at, event, by, detail }) => [
    at,
    event,
    visible(by ?? ''),
    detail === undefined ? '' : paint.faint(valueText(detail)),
  ])
  return [...section('Decisions', decisions, paint), ...section('Audit', events, paint)].join('\n')
}

function section(title: string, rows: string[][], paint: Paint): string[] {
  return rows.length === 0 ? [] : [paint.strong(title), ...columns(rows).map((line) => `  ${line}`)]
}
