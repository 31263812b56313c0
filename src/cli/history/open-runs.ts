import type { Clock } from '../../engine/clock.ts'
import { systemClock } from '../../engine/system.ts'
import type { RunStore } from '../../run/store.ts'
import { openStore } from '../program/context.ts'
import type { Invocation } from '../program/invocation.ts'
import { openStack } from '../stack/stack.ts'

/** The runs of this machine or of a deployment, to be read. */
export interface StoredRuns {
  store: RunStore
  clock: Clock
  close(): Promise<void>
}

/** The local store, without AWS; with `--stack` the deployment's table, and nothing but that. */
export async function openRuns(invocation: Invocation): Promise<StoredRuns> {
  if (invocation.shared.stack !== undefined) return openStack(invocation)
  const store = await openStore(invocation)
  return { store, clock: systemClock, close: () => store.close() }
}
