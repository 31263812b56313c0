import type { Step } from '../playbook/step.ts'
import type { Run, StepResult } from './run.ts'

/** What runs were stored with before version 0.2: other names, and steps whose kind showed in what they carried. */
interface Before {
  holds?: Run['timeBoxes']
  holdFor?: number
  holdUntil?: string
}
type ResultBefore = StepResult & { evidence?: string }
type StepBefore = Omit<Step, 'kind'> & Partial<Record<'merge' | 'subset' | 'mark' | 'retry', unknown>>

/** A run by its stored JSON, whichever version wrote it. Throws `SyntaxError`. */
export function storedRun(text: string): Run {
  const { holds, holdFor, holdUntil, ...run } = JSON.parse(text) as Run & Before
  if (holds !== undefined) run.timeBoxes = holds
  if (holdFor !== undefined) run.restFor = holdFor
  if (holdUntil !== undefined) run.restUntil = holdUntil
  if (run.plan) run.plan.steps = run.plan.steps.map((step) => ('kind' in step ? step : withKind(step)))
  run.results = run.results.map(({ evidence, ...result }: ResultBefore) =>
    evidence === undefined ? result : { knownBy: evidence, ...result },
  )
  return run
}

function withKind(before: StepBefore): Step {
  const { retry: _, ...step } = before
  return { ...step, kind: kindOf(before) } as Step
}

function kindOf({ merge, mark, subset }: StepBefore): Step['kind'] {
  if (merge !== undefined) return 'merge'
  if (mark !== undefined) return 'command'
  return subset === undefined ? 'call' : 'subset'
}
