import type { Run } from '../../run/run.ts'
import type { Session } from './driven.ts'
import { EndOfInvocation } from './hand-on.ts'

/** Length of a lease on a resource (ms); a run that starts a command holds it until the command must have ended. */
const LEASE_MS = 180_000
const COMMAND_MARGIN_MS = 600_000

export function leaseMs(run: Run): number {
  const longest = Math.max(0, ...(run.plan?.steps ?? []).map(({ settles }) => settles?.timeoutSeconds ?? 0))
  return longest > 0 ? longest * 1000 + COMMAND_MARGIN_MS : LEASE_MS
}

/** After the end of an invocation nothing of it can still be on its way to AWS (ms). */
const AFTER_INVOCATION_MS = 60_000

/**
 * When a lease that is taken now ends, ms since 1970, UTC. An invocation takes it for its own time only: when it is
 * killed, its message comes again after the visibility timeout, and must then find the lease over.
 */
export function leaseEnd({ run, ports }: Session): number {
  const end = ports.clock.now() + leaseMs(run)
  return ports.endsAt === undefined ? end : Math.min(end, ports.endsAt + AFTER_INVOCATION_MS)
}

/** No change starts when less than this is left of the lease (ms). */
const LEASE_RESERVE_MS = 30_000

/** What keeps a change within its time: no attempt at it starts after the first, none goes on after the second. */
export interface TimeLeft {
  startBy?: AbortSignal
  signal?: AbortSignal
}

/** ms from now to the end of the lease and of the invocation; infinite where there is none. */
function left({ ports, leaseUntil = Number.POSITIVE_INFINITY }: Session) {
  const now = ports.clock.now()
  const { endsAt = Number.POSITIVE_INFINITY } = ports
  return { lease: leaseUntil - now, invocation: endsAt - now }
}

/** Whether a change may start now. */
export function hasTime(session: Session): boolean {
  const { lease, invocation } = left(session)
  return invocation > 0 && lease >= LEASE_RESERVE_MS
}

/**
 * The time that a change has which starts now.
 * @throws EndOfInvocation when the invocation is over, LeaseOver when the lease nearly is
 */
export function timeLeft(session: Session): TimeLeft {
  const { lease, invocation } = left(session)
  if (invocation <= 0) throw new EndOfInvocation()
  if (lease < LEASE_RESERVE_MS) throw new LeaseOver()
  const until = Math.min(lease, invocation)
  if (until === Number.POSITIVE_INFINITY) return {}
  const within = (ms: number) => AbortSignal.timeout(Math.floor(ms))
  return { startBy: within(Math.min(lease - LEASE_RESERVE_MS, invocation)), signal: within(until) }
}

export class LeaseOver extends Error {
  constructor() {
    super('the lease on the resource ran out before the change')
    this.name = 'LeaseOver'
  }
}
