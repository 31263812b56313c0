import type { CallOptions, RoleSession } from '../../aws/port.ts'
import type { Run } from '../../run/run.ts'
import type { Drive } from '../drive/drive.ts'
import { timeLeft } from '../drive/time-left.ts'

/** The session of a run that changes something: what its plan needs, and nothing else. */
export function changing({ id, plan }: Pick<Run, 'id' | 'plan'>): RoleSession {
  return { name: id, permissions: (plan?.steps ?? []).flatMap(({ permissions }) => permissions) }
}

/**
 * How a change of this run is sent now: under its own session, and within its time.
 * @throws EndOfInvocation, LeaseOver when there is none left
 */
export function sendOptions(drive: Drive): Pick<CallOptions, 'session' | 'signal' | 'startBy'> {
  return { session: changing(drive.run), ...timeLeft(drive) }
}
