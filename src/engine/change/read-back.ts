import type { ApiCall } from '../../playbook/api.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import type { Step } from '../../playbook/step.ts'
import type { StepResult } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'
import { inspect } from '../drive/inspect.ts'
import type { Change, ReadBack } from './kind.ts'

/** A failing read-back is tried again so often, after this pause (ms), before the step is left in doubt. */
const READ_BACKS = 3
const READ_BACK_PAUSE_MS = 2_000

/** In doubt after a change: what does the live resource say? Where it cannot be read, the step stays in doubt. */
export async function readBack(drive: Drive, change: Change): Promise<ReadBack> {
  for (let tries = 1; ; tries++) {
    try {
      return await change.readBack(drive)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      if (tries >= READ_BACKS || error.kind === 'denied') return { kind: 'inDoubt', error }
      await drive.ports.clock.sleep(READ_BACK_PAUSE_MS)
    }
  }
}

/**
 * What a look at the live resource says of a step.
 * @param left the call for what is left, where only a part of the step is done
 * @param done what is noted of a step that is seen done
 */
export async function fromLive(
  drive: Drive,
  step: Step,
  left: (state: unknown) => ApiCall,
  done: Pick<StepResult, 'detail'> = {},
): Promise<ReadBack> {
  const seen = await inspect(drive, false)
  if (!seen) return { kind: 'gone' }
  switch (drive.playbook.status(step, seen.state, drive.run.plan!)) {
    case 'done':
      return { kind: 'done', result: { status: 'alreadyDone', knownBy: 'readBack', ...done } }
    case 'conflict':
      return { kind: 'conflict' }
    case 'partly':
      return { kind: 'todo', call: left(seen.state) }
    case 'todo':
      return { kind: 'todo', call: step.call }
  }
}
