import type { Run } from '../../run/run.ts'
import { changeOf } from '../change/kinds.ts'
import type { Drive } from './drive.ts'

/** Length of a lease on a resource (ms); a run that starts a command holds it until the command must have ended. */
const LEASE_MS = 180_000
const COMMAND_MARGIN_MS = 600_000

/** How long a run may hold its resource in one go: ms. */
export function leaseMs(run: Pick<Run, 'plan'>): number {
  const longest = Math.max(0, ...(run.plan?.steps ?? []).map((step) => changeOf(step).settlesWithin ?? 0))
  return longest > 0 ? longest * 1000 + COMMAND_MARGIN_MS : LEASE_MS
}

/** After the end of an invocation nothing of it can still be on its way to AWS (ms). */
const AFTER_INVOCATION_MS = 60_000

/**
 * When a lease that is taken now ends, ms since 1970, UTC. An invocation takes it for its own time only: when it is
 * killed, its message comes again after the visibility timeout, and must then find the lease over.
 */
export function leaseEnd({ run, ports }: Drive): number {
  const end = ports.clock.now() + leaseMs(run)
  return ports.endsAt === undefined ? end : Math.min(end, ports.endsAt + AFTER_INVOCATION_MS)
}
