import type { CallStep, SubsetStep } from '../../playbook/step.ts'
import type { Change } from './kind.ts'
import { fromLive } from './read-back.ts'
import { sendOptions } from './sending.ts'

/** A call that may be sent twice and comes to the same. */
export function callChange(step: CallStep | SubsetStep): Change {
  return {
    async send(drive, call) {
      await drive.ports.aws.send(drive.place, call, sendOptions(drive))
      return { status: 'applied', knownBy: 'answer' }
    },
    readBack: (drive) => fromLive(drive, step, () => step.call),
    afterRefusal: afterRefusalOfSafe,
    isCheckable: ({ ports }) => ports.aws.services.dryRunnable(step.call),
    detailInDoubt: () => ({}),
    shares: () => ({}),
  }
}

/** Of a call that may be sent twice: the SDK has tried it often enough, and all else the live resource tells. */
export const afterRefusalOfSafe: Change['afterRefusal'] = (kind) =>
  kind === 'denied' || kind === 'final' || kind === 'throttled' ? 'stands' : 'readBack'
