import type { Rejection } from '../../findings/finding.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'

/** A finding as triage sees it. */
interface Triaged {
  id: string
  source: string
  via?: string | undefined
  type: string
  severity: string
  account: string
  region: string
  resources: { type: string; id: string }[]
  incident?: string
  actions: { playbook: string; mode: string; reason: string; between?: string[] }[]
  ignored?: string
  unknown?: string
}

/**
 * A table of findings with what each is about, the playbooks that answer it, the mode and why; what was ignored or
 * unreadable says so.
 */
export function triageText(
  { findings, rejected }: { findings: Triaged[]; rejected: Rejection[] },
  paint: Paint,
): string {
  const [head = '', ...lines] = columns([HEAD, ...findings.flatMap((finding) => rowsOf(finding, paint))])
  const table = findings.length > 0 ? [paint.faint(head), ...lines].join('\n') : ''
  return [table, leftoversText([], rejected, paint)].filter(Boolean).join('\n\n') || 'no findings'
}

const HEAD = ['severity', 'source', 'type', 'account', 'region', 'resource', 'answer']
const BELOW = HEAD.slice(1).map(() => '')

function rowsOf(finding: Triaged, paint: Paint): string[][] {
  const { source, via, type, severity, account, region, resources, incident } = finding
  const { actions, ignored, unknown } = finding
  const answers = [
    ...columns(
      actions.map(({ playbook, mode, reason }) => [`→ ${playbook}`, paint.strong(mode), visible(reason)]),
    ),
    ...actions.flatMap(({ between = [] }) => between.map((rule) => `  either ${visible(rule)}`)),
    ...(ignored === undefined ? [] : [paint.faint(`ignored: ${visible(ignored)}`)]),
    ...(unknown === undefined ? [] : [paint.faint(`not known: ${visible(unknown)}`)]),
    ...(incident === undefined ? [] : [paint.faint(`part of incident ${visible(incident)}`)]),
  ]
  const [first, ...others] = resources.map(({ id }) => visible(id))
  const named = others.length > 0 ? `${first} + ${others.length}` : (first ?? '')
  const cells = [
    severity,
    via ? `${source} via ${via}` : source,
    paint.strong(visible(type)),
    account,
    region,
    named,
  ]
  return answers.map((answer, index) => [...(index === 0 ? cells : BELOW), answer])
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
