/** How exemptions last and end: the same for every database. */

import { sameJson } from '../playbook/json.ts'
import type { StoredExemption } from '../run/store.ts'
import { StoreError } from './store-error.ts'

/** Whether it holds at `now`, ms since 1970, UTC. One whose end cannot be read has not run out. */
export function holds({ ended, until }: StoredExemption, now: number): boolean {
  return !ended && !(Date.parse(until) <= now)
}

/** Errors: `StoreError` of kind `misuse` for one that could be read by nobody. */
export function checkExemption({ id, resource, until }: StoredExemption): void {
  if (id !== '' && resource !== '' && !Number.isNaN(Date.parse(until))) return
  throw new StoreError('misuse', `no exemption ${id} of ${JSON.stringify(resource)} until ${until}`)
}

/** Errors: `StoreError` of kind `misuse` when what is stored under the id of this one is another. */
export function checkSame(stored: StoredExemption, given: StoredExemption): void {
  if (!sameJson(lasting(stored), lasting(given)))
    throw new StoreError('misuse', `exemption ${given.id} is another one already`)
}

/**
 * What makes it this one. What the engine gives by itself is given once more by whoever takes over from a process that
 * died right after: later, and for as long.
 */
function lasting({ ended: _, ...exemption }: StoredExemption) {
  if (exemption.origin !== 'attempts') return exemption
  const { at: _at, until: _until, reason: _reason, ...rest } = exemption
  return rest
}
