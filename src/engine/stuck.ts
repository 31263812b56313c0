import { messageOf } from '../playbook/message-of.ts'
import type { Run } from '../run/run.ts'
import type { EnginePorts } from './ports.ts'

/** Tells that a run cannot be carried on as things are, with why. */
export function tellStuck({ progress }: Pick<EnginePorts, 'progress'>, run: Run, error: unknown): void {
  const why = messageOf(error)
  progress?.({ kind: 'stuck', run, message: `run ${run.id} cannot be carried on: ${why}`, error })
}
