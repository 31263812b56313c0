import type { ApiCall } from '../../playbook/api.ts'
import type { SubsetStep } from '../../playbook/step.ts'
import type { Change } from './kind.ts'
import { sharesOf } from './own-part.ts'
import { callChange } from './plain-call.ts'
import { fromLive } from './read-back.ts'

/** A call about a set of ids: what is left of them is sent, and what somebody else did of it is not the run's to undo. */
export function subsetChange(step: SubsetStep): Change {
  const plain = callChange(step)
  const about = (ids: string[]): ApiCall => ({
    ...step.call,
    input: { ...step.call.input, [step.subset]: ids },
  })
  return {
    ...plain,
    async send(drive, call) {
      return { ...(await plain.send(drive, call)), ...sharesOf(step, call) }
    },
    readBack: (drive) =>
      fromLive(drive, step, (state) => {
        const { subset } = drive.playbook
        return subset ? about(subset.remaining(step, state)) : step.call
      }),
    shares: (call) => sharesOf(step, call),
  }
}
