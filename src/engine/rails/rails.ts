import type { Drive } from '../drive/drive.ts'
import { killSwitch } from './kill-switch.ts'

/**
 * A guard rail: why this run may not change anything now; undefined when it may. Asked at the claim and before each
 * step, so it reads what holds at that moment. What it cannot read counts as a reason.
 */
export type Rail = (drive: Pick<Drive, 'run' | 'ports'>) => Promise<string | undefined>

/** In the order in which they are asked; the first that holds a run back is the reason it ends with. */
const RAILS: readonly Rail[] = [killSwitch]

/** Why no change of this run may start now; undefined when it may. */
export async function heldBack(drive: Pick<Drive, 'run' | 'ports'>): Promise<string | undefined> {
  for (const rail of RAILS) {
    const reason = await rail(drive)
    if (reason !== undefined) return reason
  }
  return undefined
}
