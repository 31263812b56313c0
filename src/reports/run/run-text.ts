import { canBeUndone } from '../../engine/change/applied-steps.ts'
import { EVERYTHING } from '../../engine/rails/kill-switch.ts'
import { shortHash } from '../../playbook/plan.ts'
import { versionText } from '../../policy/versions/policy-version.ts'
import { partOf } from '../../run/incident.ts'
import {
  DENIED_STATUSES,
  type Hold,
  type Outcome,
  type Run,
  type StepResult,
  WENT_WRONG,
} from '../../run/run.ts'
import type { ToldEnd } from '../../run/told-detector.ts'
import { columns } from '../columns.ts'
import { type Paint, visible } from '../paint.ts'
import { scopeOptions } from './held-runs.ts'
import { changeLines, heading } from './plan-text.ts'
import { toldRows, warningsOf } from './told-text.ts'

const GOOD: readonly (Outcome | null)[] = ['remediated', 'alreadyCompliant', 'rehearsed', 'undone', 'planned']

/**
 * What a run came to: outcome, why, what changed, per-step results, the proof, and how to take it back.
 * @param options what the commands that are proposed need more (` --stack prod`)
 * @param told what detectors have been told of its end
 */
export function runText(
  run: Run,
  title: string,
  paint: Paint,
  options = '',
  told: readonly ToldEnd[] = [],
): string {
  const changed = run.plan && showsChange(run) ? changeLines(run.plan, paint) : []
  return [
    `${endText(run, paint)}  ${heading(run, title, paint)}`,
    ...changed,
    ...columns(facts(run, paint, { options, told })).map((line) => `  ${line}`),
  ].join('\n')
}

/** Whether the result itself says what the plan changes: it has, or it waits for a word on it. */
export function showsChange({ changedAt, state }: Run): boolean {
  return changedAt !== undefined || state === 'waiting'
}

/** Guard rails as a person calls them. */
const NAMED: Record<Hold['rail'], string> = {
  pause: 'a pause',
  freeze: 'a freeze',
  limit: 'a limit',
  breaker: 'a breaker',
}

/** The outcome, or for what the run waits, coloured by whether it is well. */
export function endText(run: Run, paint: Paint): string {
  if (run.heldBy) return paint.warn(`held by ${NAMED[run.heldBy.rail]}`)
  if (run.state === 'waiting') return paint.warn(`waiting for ${run.waitingFor ?? 'its turn'}`)
  if (run.outcome === null) return paint.warn('open')
  if (GOOD.includes(run.outcome)) return paint.come(run.outcome)
  return WENT_WRONG.includes(run.outcome) ? paint.gone(run.outcome) : paint.warn(run.outcome)
}

function facts(
  run: Run,
  paint: Paint,
  { options, told }: { options: string; told: readonly ToldEnd[] },
): string[][] {
  const part = partOf(run)
  return [
    ...ruledBy(run, paint),
    ...(run.reason && run.reason !== run.ruling?.reason ? [['why', visible(run.reason)]] : []),
    ...(run.heldBy ? [['held', heldLine(run.heldBy)]] : []),
    ...(run.advice ?? []).map((line, index) => [`do ${index + 1}`, visible(line)]),
    ...warningsOf(run, told).map((warning) => [paint.warn('warning'), paint.warn(visible(warning))]),
    ...run.results.map((result) => ['step', stepText(result, paint)]),
    ...(run.verifiedAt && run.outcome !== 'undone'
      ? [['proof', `read again at ${run.verifiedAt}: ${proofText(run)}`]]
      : []),
    ...(part === undefined ? [] : [['part of', visible(part)]]),
    ...(run.undoOf ? [['undoes', run.undoOf]] : []),
    ...(run.undoneBy ? [['undone', `by ${run.undoneBy}`]] : []),
    ...toldRows(told, paint),
    ...nextSteps(run, options),
    ...(run.policyVersion ? [['decided by', visible(versionText(run.policyVersion))]] : []),
    ['run', run.id],
  ]
}

function heldLine({ reason, until }: Hold): string {
  return `${visible(reason)}; it goes on by itself${until === undefined ? ' when that ends' : ` at ${until} at the earliest`}`
}

/** What the policy said: it stands beside the reason of an end that is another. */
function ruledBy({ ruling }: Run, paint: Paint): string[][] {
  return ruling ? [['policy', `${paint.strong(ruling.mode)}: ${visible(ruling.reason)}`]] : []
}

function proofText(run: Run): string {
  if (run.outcome === 'remediated' || run.outcome === 'alreadyCompliant') return 'nothing left to do'
  return 'not proven'
}

/** `revoke  applied (answer)`, and on failure which action was denied to whom. */
function stepText({ step, status, by, knownBy, error, why: note }: StepResult, paint: Paint): string {
  const how = by ?? knownBy
  const bad = status === 'failed' || DENIED_STATUSES.includes(status)
  const why = error
    ? [error.code, error.action, error.principal && `as ${error.principal}`, error.message]
        .filter(Boolean)
        .join(' ')
    : ''
  return [
    visible(step),
    bad ? paint.gone(status) : status,
    how ? paint.faint(`(${visible(how)})`) : '',
    visible(why),
    note === undefined ? '' : visible(note),
  ]
    .filter(Boolean)
    .join(' ')
}

function nextSteps(run: Run, options: string): string[][] {
  if (run.outcome === 'blocked' && run.reason === 'no policy file') {
    return [['next', '`rectify init` writes a starter policy; nothing is changed without one']]
  }
  if (run.state === 'waiting' && run.waitingFor === 'approval') {
    const hash = run.plan ? ` --approve ${shortHash(run.plan.hash)}` : ''
    return [
      ['plan', run.plan ? shortHash(run.plan.hash) : ''],
      ['approve', `rectify approve ${run.id}${hash}${options}`],
      ['decline', `rectify decline ${run.id} --reason "…"${options}`],
    ]
  }
  if (run.heldBy?.rail === 'pause') {
    return [['resume', `rectify resume${scopeOptions(run.heldBy.scope ?? EVERYTHING)}${options}`]]
  }
  if (run.state === 'waiting') return [['resume', `rectify sweep${options}`]]
  return canBeUndone(run) ? [['undo', `rectify undo ${run.id}${options}`]] : []
}
