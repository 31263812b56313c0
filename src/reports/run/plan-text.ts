import { type Plan, shortHash } from '../../playbook/plan.ts'
import type { Run } from '../../run/run.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { difference } from './difference.ts'

/** Items of an impact that are named; the rest is a number. */
const NAMED = 5

/**
 * A plan for a person who judges it in ten seconds: what it is about, what goes and what comes, who is affected, what
 * stays, how it is taken back, and the hash that an approval is for.
 */
export function planText(run: Run, title: string, paint: Paint): string {
  const { plan } = run
  if (!plan) return [heading(run, title, paint), `  ${visible(run.reason)}`].join('\n')
  return [
    heading(run, title, paint),
    '',
    ...changeLines(plan, paint),
    '',
    ...columns([...facts(plan, paint), ...decided(run, paint), hashRow(plan, paint)]).map(
      (line) => `  ${line}`,
    ),
  ].join('\n')
}

/**
 * A plan beside the result of its run.
 * @param seen whether its changes have been shown there: each is said once
 */
export function planSection(plan: Plan, seen: boolean, paint: Paint): string {
  const rows = [...facts(plan, paint), hashRow(plan, paint)]
  return [
    paint.strong(seen ? 'Plan' : 'Plan, not carried out'),
    ...(seen ? [] : changeLines(plan, paint)),
    ...columns(rows).map((line) => `  ${line}`),
  ].join('\n')
}

/** Title, the resource as a person and as AWS call it, and where it is. */
export function heading(run: Run, title: string, paint: Paint): string {
  return [
    `${paint.strong(visible(run.undoOf ? `Undo: ${title}` : title))} ${paint.faint(`(${run.playbook})`)}`,
    `  ${[paint.strong(visible(run.target.id)), ...ownName(run), paint.faint(visible(run.resource))].join(' ')}`,
  ].join('\n')
}

function ownName({ name, target }: Run): string[] {
  return name === undefined || name === target.id ? [] : [visible(name)]
}

/** The `-` and `+` lines; the steps' own words where before and after say nothing different. */
export function changeLines(plan: Plan, paint: Paint): string[] {
  const lines = difference(plan.before, plan.after)
  if (lines.length === 0) return plan.steps.map(({ summary }) => `  ${paint.come(`+ ${visible(summary)}`)}`)
  return lines.map(
    ({ sign, text }) => `  ${sign === '-' ? paint.gone(`- ${text}`) : paint.come(`+ ${text}`)}`,
  )
}

function facts(plan: Plan, paint: Paint): string[][] {
  const { impact } = plan
  const others = impact.count - Math.min(impact.affected.length, NAMED)
  return [
    ['affects', visible(impact.summary)],
    ...impact.affected
      .slice(0, NAMED)
      .map(({ type, id, detail }) => [
        '',
        paint.faint([type, id, detail ?? ''].map(visible).join(' ').trimEnd()),
      ]),
    ...(impact.affected.length > 0 && others > 0 ? [['', paint.faint(`and ${others} more`)]] : []),
    ...(impact.notes ?? []).map((note) => ['note', visible(note)]),
    ...plan.warnings.map((warning) => [paint.warn('warning'), paint.warn(visible(warning))]),
    ...plan.steps.map((step) => [
      'call',
      `${step.call.service}:${step.call.operation} ${paint.faint(visible(step.summary))}`,
    ]),
    ['undo', undoText(plan)],
  ]
}

function decided({ mode, reason }: Run, paint: Paint): string[][] {
  return [['mode', `${paint.strong(mode ?? 'none')}${reason ? `: ${visible(reason)}` : ''}`]]
}

function hashRow({ hash }: Plan, paint: Paint): string[] {
  return ['plan', paint.strong(shortHash(hash))]
}

function undoText(plan: Plan): string {
  const ways = plan.steps.map(({ undo }) =>
    Array.isArray(undo)
      ? undo.map(({ service, operation }) => `${service}:${operation}`).join(', ')
      : `not possible: ${visible(undo.irreversible)}`,
  )
  return [...new Set(ways)].join('; ')
}
