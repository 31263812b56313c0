import type { Holder } from '../../engine/undo/holders.ts'
import type { HeldEntry } from '../../engine/undo/unblocking.ts'
import { FURTHER } from '../../store/time-boxes.ts'

/** An entry of a set with those who hold it, as `unblock --json` shows it. */
export function heldJson({ resource, entry, holders }: HeldEntry) {
  return { resource, entry, holders: holders.map(holderJson) }
}

function holderJson({ resource, key, of, run, until }: Holder) {
  return {
    run,
    /** Id of the finding; null for what stands for many. */
    finding: key === FURTHER ? null : of.slice(of.startsWith(`${resource}#`) ? resource.length + 1 : 0),
    until: new Date(until).toISOString(),
  }
}
