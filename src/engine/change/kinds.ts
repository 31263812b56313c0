import type { Step } from '../../playbook/step.ts'
import { commandChange } from './command.ts'
import type { Change } from './kind.ts'
import { callChange } from './plain-call.ts'
import { mergeChange } from './set-merge.ts'
import { subsetChange } from './subset-call.ts'

/** The one place that asks what kind of change a step is. */
export function changeOf(step: Step): Change {
  switch (step.kind) {
    case 'call':
      return callChange(step)
    case 'subset':
      return subsetChange(step)
    case 'merge':
      return mergeChange(step)
    case 'command':
      return commandChange(step)
  }
}
