import { type MergeStep, mergeOf, type Step } from '../../playbook/step.ts'

/** Whether the entries that a step adds are taken out again after a while. */
export function isBoxed(step: Step): step is MergeStep {
  return mergeOf(step)?.expiresAfter !== undefined
}
