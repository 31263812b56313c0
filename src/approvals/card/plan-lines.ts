import { type Plan, shortHash } from '../../playbook/plan.ts'
import { mergeOf, type Step } from '../../playbook/step.ts'
import { plain, visible } from '../../reports/paint.ts'
import { changeLines, planText } from '../../reports/run/plan-text.ts'
import type { Run } from '../../run/run.ts'
import { costOf, cutAt } from './escape.ts'

/**
 * A plan as lines: `- ` what goes, `+ ` what comes, two blanks: the calls that do it, when it ends by itself, and what
 * cannot be taken back. Each is one line and shown as it is.
 */
export function planLines({ plan }: Pick<Run, 'plan'>): string[] {
  if (!plan) return []
  return [
    ...changeLines(plan, plain).map((line) => line.slice(2)),
    ...plan.steps.flatMap((step) => [callLine(step), ...endOf(step).map((line) => `  ${line}`)]),
  ]
}

/** More steps than this are told by their number. */
const MOST_HEADLINES = 3

/** What a plan does, a line for each step. */
export function headlines({ plan }: Pick<Run, 'plan'>): string[] {
  const steps = plan?.steps ?? []
  const left = steps.length - MOST_HEADLINES
  return [
    ...steps.slice(0, MOST_HEADLINES).map(({ summary }) => cutAt(summary, LONGEST_HEADLINE)),
    ...(left > 0 ? [`and ${left} more ${left === 1 ? 'step' : 'steps'}`] : []),
  ]
}

/** The same lines where the headlines stand above them: a call that is told there is only named. */
function linesBelow(run: Pick<Run, 'plan'>): string[] {
  const told = new Set(headlines(run))
  const calls = new Map(
    (run.plan?.steps ?? [])
      .filter(({ summary }) => told.has(summary))
      .map((step) => [callLine(step), callName(step)]),
  )
  return planLines(run).map((line) => calls.get(line) ?? line)
}

const callName = ({ call }: Step) => `  ${visible(`${call.service}:${call.operation}`)}`
const callLine = (step: Step) => `${callName(step)} ${visible(step.summary)}`

function endOf(step: Step): string[] {
  const expiresAfter = mergeOf(step)?.expiresAfter
  return [
    ...(expiresAfter === undefined ? [] : [`taken out again after ${visible(expiresAfter)}`]),
    ...(Array.isArray(step.undo) ? [] : [`cannot be undone: ${visible(step.undo.irreversible)}`]),
  ]
}

/** Steps of which no undo is stored. */
export function irreversible(plan: Plan | null): Step[] {
  return (plan?.steps ?? []).filter(({ undo }) => !Array.isArray(undo) || undo.length === 0)
}

/** Characters of a line on a card; a phone shows 40 of them in a row. */
const LONGEST_LINE = 240
const LONGEST_HEADLINE = 200

/** As much of lines as fits; the last one then says how much is left out. */
export function fitting(lines: readonly string[], most: number, rest: string): string[] {
  const kept: string[] = []
  let room = most - rest.length - 32
  for (const line of lines) {
    const shown = cutAt(line, LONGEST_LINE)
    room -= costOf(shown) + 1
    if (room < 0) break
    kept.push(shown)
  }
  if (!isCut(lines, kept)) return kept
  const left = lines.length - kept.length
  return [...kept, left > 0 ? `… ${left} more ${left === 1 ? 'line' : 'lines'}, ${rest}` : `… ${rest}`]
}

const isCut = (lines: readonly string[], kept: readonly string[]) =>
  kept.length < lines.length || kept.some((line, index) => line !== lines[index])

/** Characters of a plan on a card. */
export const PLAN_ROOM = 2_000
/** Where the whole of a plan stands that is longer. */
const WHOLE = 'whole plan in the thread'

/** The plan as a card has it. */
export const shownPlan = (run: Run): string[] => fitting(linesBelow(run), PLAN_ROOM, WHOLE)

/** A file that goes into a thread. */
export interface PlanFile {
  name: string
  content: string
}

/**
 * The whole plan, for a person and with each call as it is sent; undefined where the card has room for all of it. The
 * hash covers calls, undos, before and after.
 */
export function planFile(run: Run): PlanFile | undefined {
  const { plan } = run
  if (!plan) return undefined
  if (!isCut(linesBelow(run), shownPlan(run)) && plan.impact.affected.length <= 5) return undefined
  return { name: `plan-${run.id}-${shortHash(plan.hash)}.txt`, content: wholePlan(run, plan) }
}

/** All that there is to a plan. */
export function wholePlan(run: Run, plan: Plan): string {
  const affected = plan.impact.affected.map(({ type, id, detail }) =>
    visible([type, id, detail ?? ''].join(' ').trimEnd()),
  )
  const calls = plan.steps.map(({ id, call, undo }) => JSON.stringify({ step: id, call, undo }, null, 2))
  return [
    planText(run, run.findings[0]?.title.trim() || run.playbook, plain),
    ...(affected.length > 0 ? ['', 'Affected:', ...affected] : []),
    '',
    'Calls as they are sent, each with its undo:',
    ...calls.map((text) => text.split('\n').map(visible).join('\n')),
    '',
    `Hash of all of it: ${plan.hash}`,
    '',
  ].join('\n')
}
