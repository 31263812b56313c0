import type { Drive } from './drive.ts'
import { EndOfInvocation, LeaseOver } from './out-of-time.ts'

/** No change starts when less than this is left of the lease (ms). */
const LEASE_RESERVE_MS = 30_000

/** What keeps a change within its time: no attempt at it starts after the first, none goes on after the second. */
export interface TimeLeft {
  startBy?: AbortSignal
  signal?: AbortSignal
}

/** ms from now to the end of the lease and of the invocation; infinite where there is none. */
function left({ ports, leaseUntil = Number.POSITIVE_INFINITY }: Drive) {
  const now = ports.clock.now()
  const { endsAt = Number.POSITIVE_INFINITY } = ports
  return { lease: leaseUntil - now, invocation: endsAt - now }
}

/** Whether a change may start now. */
export function hasTime(drive: Drive): boolean {
  const { lease, invocation } = left(drive)
  return invocation > 0 && lease >= LEASE_RESERVE_MS
}

/**
 * The time that a change has which starts now.
 * @throws EndOfInvocation when the invocation is over, LeaseOver when the lease nearly is
 */
export function timeLeft(drive: Drive): TimeLeft {
  const { lease, invocation } = left(drive)
  if (invocation <= 0) throw new EndOfInvocation()
  if (lease < LEASE_RESERVE_MS) throw new LeaseOver()
  const until = Math.min(lease, invocation)
  if (until === Number.POSITIVE_INFINITY) return {}
  const within = (ms: number) => AbortSignal.timeout(Math.floor(ms))
  return { startBy: within(Math.min(lease - LEASE_RESERVE_MS, invocation)), signal: within(until) }
}
