import type { Rejection } from '../../findings/finding.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

/** A finding as triage sees it. */
interface Triaged {
  id: string
  source: string
  type: string
  severity: string
  account: string
  region: string
  resources: { type: string; id: string }[]
  actions: { playbook: string; mode: string; reason: string; between?: string[] }[]
  ignored?: string
  unknown?: string
}

/** Findings with the playbooks that answer them, the mode and why; what was ignored or unreadable says so. */
export function triageText(
  { findings, rejected }: { findings: Triaged[]; rejected: Rejection[] },
  paint: Paint,
): string {
  const blocks = findings.map((finding) => {
    const { source, type, severity, account, region, resources, actions, ignored, unknown } = finding
    const rows = actions.flatMap(({ playbook, mode, reason, between = [] }) => [
      ['→', playbook, paint.strong(mode), visible(reason)],
      ...between.map((rule) => ['', '', '', visible(rule)]),
    ])
    return [
      `${paint.strong(visible(type))} ${paint.faint(`${source} ${severity} ${account} ${region}`)}`,
      `  ${resources.map(({ id }) => visible(id)).join(', ')}`,
      ...columns(rows).map((line) => `  ${line}`),
      ...(ignored === undefined ? [] : [`  ${paint.faint(`ignored: ${visible(ignored)}`)}`]),
      ...(unknown === undefined ? [] : [`  ${paint.faint(`not known: ${visible(unknown)}`)}`]),
    ].join('\n')
  })
  return [...blocks, leftoversText([], rejected, paint)].filter(Boolean).join('\n\n') || 'no findings'
}

/** Findings without a run and events that could not be read, one line each; empty when there are none. */
export function leftoversText(
  ignored: { finding: string; reason: string }[],
  rejected: Rejection[],
  paint: Paint,
): string {
  return [
    ...ignored.map(({ finding, reason }) => paint.faint(`ignored ${visible(finding)}: ${visible(reason)}`)),
    ...rejected.map(({ event, code, field, reason }) =>
      paint.warn(
        [`unreadable ${visible(event)}: ${code}`, field, visible(reason)].filter(Boolean).join(': '),
      ),
    ),
  ].join('\n')
}
