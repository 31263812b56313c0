import { messageOf } from '../playbook/message-of.ts'
import type { Run } from '../run/run.ts'
import type { EnginePorts } from './ports.ts'
import { BadRequest } from './refusals.ts'

/** What comes of a run. One that this build cannot carry on is told, and keeps no other from its turn. */
export async function orTellStuck(
  ports: Pick<EnginePorts, 'progress'>,
  run: Run,
  work: () => Promise<Run[]>,
): Promise<Run[]> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    tellStuck(ports, run, error)
    return []
  }
}

/** Tells that a run cannot be carried on as things are, with why. */
export function tellStuck({ progress }: Pick<EnginePorts, 'progress'>, run: Run, error: unknown): void {
  const why = messageOf(error)
  progress?.({ kind: 'stuck', run, message: `run ${run.id} cannot be carried on: ${why}`, error })
}
