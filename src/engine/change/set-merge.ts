import type { Json } from '../../playbook/json.ts'
import type { Merge, MergeStep, Step } from '../../playbook/step.ts'
import type { Drive } from '../drive/drive.ts'
import type { Change } from './kind.ts'
import { afterRefusalOfSafe } from './plain-call.ts'
import { fromLive } from './read-back.ts'
import { sendOptions } from './sending.ts'

/** A change to a set that others write, too: the set is read and written under its lock token. */
export function mergeChange(step: MergeStep): Change {
  const { merge } = step
  return {
    async send(drive, call) {
      const { ports, place } = drive
      // Loaded here: few runs change a set, and each cold start would read it with all that it compares addresses by.
      const { sendMerge } = await import('../../aws/merge.ts')
      const options = { ...sendOptions(drive), clock: ports.clock }
      const merged = await sendMerge(ports.aws, place, call, merge, options)
      const { added, removed } = merged.inDoubt ? inDoubt(merge) : merged
      const detail: Json = { added, removed }
      const changed = merged.added.length + merged.removed.length > 0
      if (changed) return { status: 'applied', knownBy: 'answer', detail }
      // Nothing was left to write: a lost write is seen in the set, or somebody else made the same change.
      return { status: 'alreadyDone', knownBy: 'readBack', detail }
    },
    readBack: (drive) => fromLive(drive, step, () => step.call, { detail: inDoubt(merge) }),
    afterRefusal: afterRefusalOfSafe,
    isCheckable: () => false,
    detailInDoubt: () => ({ detail: inDoubt(merge) }),
    shares: () => ({}),
  }
}

/** In doubt, the entries that were absent in the stored `before` are ours: the plan adds only such. */
function inDoubt({ add, remove }: Merge): { added: string[]; removed: string[] } {
  return { added: add, removed: remove }
}

export const isMerge = (step: Step): step is MergeStep => step.kind === 'merge'

/** The same step about these entries of its set. */
export function only(step: MergeStep, entries: string[]): MergeStep {
  return { ...step, merge: { ...step.merge, add: entries, remove: [] } }
}

/** Of a merge that is not time-boxed: the entries that the run put there itself and that are there still. */
export function ownEntries({ playbook, original }: Drive, step: Step, state: unknown) {
  const result = original!.results.find((entry) => entry.step === step.id)
  const added = (result?.detail as { added?: string[] } | undefined)?.added
  return (entries: string[]) =>
    entries.filter(
      (entry) =>
        (added ?? entries).includes(entry) &&
        isMerge(step) &&
        playbook.status(only(step, [entry]), state, original!.plan!) === 'done',
    )
}
