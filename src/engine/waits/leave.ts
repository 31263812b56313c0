import { waitersOf } from '../../run/found-by.ts'
import type { Asked, Run } from '../../run/run.ts'
import { afterDecisions } from '../decide/after-decisions.ts'
import type { Effect } from '../drive/facts.ts'
import { type Happening, isHeldByRail, type Position } from '../drive/machine.ts'
import type { EnginePorts, Waits, Waker } from '../ports.ts'
import { nextOfLimits } from '../rails/limits.ts'
import { runTaken } from '../run-called.ts'
import { lockedByAnother } from './lock-holders.ts'
import { askedBy, wokenAt } from './moments.ts'
import { wakeDecided } from './wake-decided.ts'

/** The command's own event wakes the run; this is for the event that never comes (ms). */
const COMMAND_POLL_MS = 300_000

/** The release of the lock wakes the run; this is for the wake-up that never comes (ms). */
const LOCK_CHECK_MS = 300_000

/** Leaves: nobody stays until a run ends. Waiting runs are stored, and woken through the queue and timers. */
export function leave(waker: Waker): Waits {
  return {
    commandPollMs: COMMAND_POLL_MS,
    requesterMayApprove: false,
    asksAgain: true,
    happening: (ports, run, position) => whatHasCome(ports, run, position, waker),
    /** The release of a lock wakes the run that has waited longest for it, and one that had to wait for its turn. */
    async released(ports, { changedAt, resource, id }) {
      if (changedAt === undefined) return
      const [next] = await ports.store.foundBy(waitersOf(resource))
      if (next !== undefined) await waker.now({ id: next, resource }, 'lockFree', id)
      const held = await nextOfLimits(ports)
      if (held) await waker.now(held, 'sweep', held.revision)
    },
    handedOn: (_ports, run) => waker.now(run, 'handedOn', run.revision),
    async goOn(_ports, run) {
      await waker.now(run, 'sweep', run.revision)
      return [run]
    },
    async decided(_ports, run) {
      await wakeDecided(waker, run)
      return [run]
    },
    async expire(_ports, original, entries) {
      await waker.expire(original, entries)
      return []
    },
    drivenByAnother,
    async followed(ports, taken) {
      const run = await runTaken(ports.store, taken)
      return { run, driven: run.state !== 'closed' && (await drivenByAnother(ports, run)) }
    },
    sweepsAtOnce: 32,
    dueAt(run, now, leaseUntil = now) {
      if (run.waitingFor === 'lock') return now + LOCK_CHECK_MS
      return run.waitingFor === undefined ? leaseUntil : wokenAt(run)
    },
  }
}

/** Nobody is with a run that waits, although it keeps its lock while its command runs. */
async function drivenByAnother(ports: EnginePorts, run: Run): Promise<boolean> {
  return run.state !== 'waiting' && (await lockedByAnother(ports, run))
}

/** What has come meanwhile happens now, and for the rest the run is woken. */
async function* whatHasCome(
  ports: EnginePorts,
  run: Run,
  { state, timer }: Position,
  waker: Waker,
): Effect<Happening | Asked | 'leave'> {
  yield { memory: { waited: true } }
  if (timer && ports.clock.now() >= Date.parse(run.waitingUntil ?? '')) {
    return { type: 'timer', event: timer.event }
  }
  if (state === 'asking') {
    const decided = afterDecisions(run)
    if (decided) return decided
    const asked = askedBy(run, ports.clock.now())
    if (asked) return asked
  }
  // Its time is far away, or the sweeper's business.
  if (isHeldByRail({ state })) return 'leave'
  if (state === 'queued') {
    const { lockedBy } = await ports.store.lock(run.resource)
    if (!lockedBy) return { type: 'lockFree' }
    if (lockedBy.until <= ports.clock.now()) {
      await waker.now({ id: lockedBy.run, resource: run.resource }, 'sweep', lockedBy.until)
    }
    return 'leave'
  }
  await waker.later(run)
  return 'leave'
}
