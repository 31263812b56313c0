import { severestOf } from '../../findings/finding.ts'
import type { Json } from '../../playbook/json.ts'
import type { Run, StepResult } from '../../run/run.ts'
import { visible } from '../paint.ts'
import { dryRunText, endOf, wouldDo } from '../rehearsal/rehearsal.ts'
import { trafficLines } from '../rehearsal/traffic/traffic-words.ts'
import { TWIN_SAYS, twinLines, twinText } from '../rehearsal/twin/twin-text.ts'
import { type DifferenceLine, difference } from '../run/difference.ts'

/** A run as a page shows it: plain JSON, no more than is shown, and every text safe to be shown. */
export interface ShownRun {
  id: string
  outcome: string
  /** `act`, `ask` or `leave`; absent where there is no plan. */
  would?: string
  playbook: string
  account: string
  region: string
  /** ARN. */
  resource: string
  /** Its id, and its name where it has one. */
  target: string
  severity: string
  detectors: string[]
  reason: string
  ruling?: string
  /** What was said of its calls together. */
  calls: string
  findings: { id: string; title: string; type: string }[]
  difference: DifferenceLine[]
  steps: { call: string; summary: string; undo: string; answer: string }[]
  impact?: string
  /** Warnings first. */
  notes: string[]
  path: string[]
  /** What its twin came to in a word, and all that it showed, the reason first; absent: none was made. */
  twin?: { says: string; lines: string[] }
  hash?: string
}

/** What a page shows of a run. */
export function shownRun(run: Run): ShownRun {
  const { plan, findings, ruling, name, target } = run
  const would = wouldDo(run)
  return safe({
    id: run.id,
    outcome: endOf(run),
    ...(would !== undefined && { would }),
    ...{ playbook: run.playbook, account: run.account, region: run.region, resource: run.resource },
    target: name === undefined || name === target.id ? target.id : `${name} (${target.id})`,
    severity: severestOf(findings),
    detectors: [...new Set(findings.map(({ source }) => source))],
    reason: run.reason,
    ...(ruling && ruling.reason !== run.reason && { ruling: `${ruling.mode}: ${ruling.reason}` }),
    calls: dryRunText(run),
    findings: findings.map(({ id, title, type }) => ({ id, title, type })),
    difference: plan ? difference(plan.before, plan.after) : [],
    steps: stepsOf(run),
    ...(plan && { impact: plan.impact.summary, hash: plan.hash }),
    notes: notesOf(run),
    path: run.path ?? [],
    ...(run.twin && {
      twin: { says: TWIN_SAYS[run.twin.status], lines: [twinText(run.twin), ...twinLines(run.twin)] },
    }),
  })
}

function stepsOf({ plan, results }: Run): ShownRun['steps'] {
  return (plan?.steps ?? []).map(({ id, call, summary, undo }) => ({
    call: `${call.service}:${call.operation}`,
    summary,
    undo: Array.isArray(undo)
      ? undo.map(({ service, operation }) => `${service}:${operation}`).join(', ')
      : undo.irreversible,
    answer: results
      .filter(({ step }) => step === id)
      .map(answerText)
      .join('; '),
  }))
}

/** `simulatedOk by SimulatePrincipalPolicy`, `notCheckable: a policy of the key decides, too` */
function answerText({ status, by, why }: StepResult): string {
  return [[status, by].filter(Boolean).join(' by '), why].filter(Boolean).join(': ')
}

function notesOf({ plan, warnings = [], advice = [], heldBy, wouldHold, traffic }: Run): string[] {
  const { managedBy, unproven } = plan ?? {}
  return [
    ...trafficLines(traffic).map((line) => `Traffic: ${line}`),
    ...(plan?.warnings ?? []).map((warning) => `Warning: ${warning}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(heldBy ? [`Held by a ${heldBy.rail}: ${heldBy.reason}`] : []),
    ...(wouldHold ? [`Would be held by a ${wouldHold.rail}: ${wouldHold.reason}`] : []),
    ...(managedBy ? [`Managed by ${managedBy.where}`] : []),
    ...(unproven === undefined ? [] : [`Cannot be proven: ${unproven}`]),
    ...advice,
    ...(plan?.impact.notes ?? []),
  ]
}

/** Every text in it made visible. */
function safe<T>(value: T): T {
  return safeJson(value as Json) as T
}

function safeJson(value: Json): Json {
  if (typeof value === 'string') return visible(value)
  if (Array.isArray(value)) return value.map(safeJson)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, safeJson(inner)]))
}
