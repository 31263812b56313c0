import type { Run, StepResult } from '../../run/run.ts'
import { code, cutAt, escaped, shortened } from './escape.ts'
import { time } from './people-words.ts'

/** How a run ended, in Slack's markup. */

const MOST_STEPS = 6

/** Why it ended so, what of it was odd, and by what it is proven. */
export function endLines(run: Run): string[] {
  return [
    ...(saysWhy(run) ? [`Why: ${escaped(cutAt(run.reason, 400))}`] : []),
    ...(run.warnings ?? []).slice(0, 3).map((warning) => `⚠️ ${escaped(cutAt(warning, 300))}`),
    ...proofLines(run),
    ...(run.undoneBy === undefined ? [] : [`↩️ *Undone* by run ${code(shortened(run.undoneBy, 40))}`]),
  ]
}

/** Not where it went well, or where a decision says itself why; the policy's word stands at the card's foot. */
function saysWhy({ reason, ruling, outcome, decisions }: Run): boolean {
  const isExempted = outcome === 'exempted' && decisions.some(({ verdict }) => verdict === 'exempt')
  if (reason === '' || outcome === 'declined' || isExempted || reason === ruling?.reason) return false
  return ruling !== undefined || PROVEN[outcome ?? ''] === undefined
}

const PROVEN: Partial<Record<string, string>> = {
  remediated: 'nothing is left to do',
  alreadyCompliant: 'nothing is left to do',
  undone: 'it is as it was before',
}

/** What the re-read saw. */
export function proofLines({ outcome, verifiedAt }: Run): string[] {
  const seen = PROVEN[outcome ?? '']
  if (verifiedAt === undefined) return seen === undefined ? [] : ['Not read again: nothing proves it']
  return [
    seen === undefined
      ? `Read again ${time(verifiedAt)}: *not proven*`
      : `*Proven*: read again ${time(verifiedAt)}, ${seen}`,
  ]
}

/** What became of each step, and how that is known. */
export function stepLines({ results }: Pick<Run, 'results'>, most = MOST_STEPS): string[] {
  const left = results.length - most
  return [
    ...results.slice(0, most).map(stepText),
    ...(left > 0 ? [`… ${left} more ${left === 1 ? 'step' : 'steps'}`] : []),
  ]
}

function stepText({ step, status, knownBy, error }: StepResult): string {
  const why = error && [error.code, error.action, error.message].filter(Boolean).join(' ')
  return [
    `${code(shortened(step, 60))} ${escaped(status)}`,
    ...(knownBy === undefined ? [] : [`(${escaped(cutAt(knownBy, 40))})`]),
    ...(why ? [escaped(cutAt(why, 240))] : []),
  ].join(' ')
}
