import type { Drive } from '../drive/drive.ts'
import { killSwitch } from './kill-switch.ts'
import type { Rail } from './rail.ts'

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
