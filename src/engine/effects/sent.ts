import type { Json } from '../../playbook/json.ts'
import type { Sent } from '../../playbook/playbook.ts'
import type { Run, StepError, StepResult } from '../../run/run.ts'

/** What has been seen since the first step of a run was sent. */
export function sentOf(run: Pick<Run, 'results' | 'changedAt' | 'startedAt'>): Sent {
  const details: Record<string, Json> = {}
  const faults: Record<string, string> = {}
  for (const result of run.results) {
    if (result.detail !== undefined) details[result.step] = result.detail
    if (isFault(result)) faults[result.step] = result.error.message
  }
  return { at: run.changedAt ?? run.startedAt, details, faults }
}

type Fault = StepError & { name: 'settled'; message: string }

/** How a step's result says that what it started ended badly, by its own word. */
export const faultOf = (message: string): Fault => ({ name: 'settled', code: 'Failed', message })

/** Whether a step's result says that what it started ended badly, by its own word. */
export const isFault = (result: StepResult): result is StepResult & { error: Fault } =>
  result.error?.name === 'settled'
