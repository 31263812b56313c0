import type { Run } from '../run/run.ts'
import { commitOnce, TakenOver, takeAttached } from './drive/commit.ts'
import { afterDecisions, drive } from './drive/drive.ts'
import { iso, type Session } from './drive/driven.ts'
import { leaseEnd, leaseMs } from './drive/lease.ts'
import { type Happening, type Position, restore, UnknownMachine } from './drive/machine.ts'
import { openSession } from './drive/open-drive.ts'
import { noteDoubt } from './effects/change.ts'
import { covers } from './jobs/newest.ts'
import type { EnginePorts } from './ports.ts'
import { runCalled } from './run-called.ts'

/** How often the end of a run that another process drives is looked for (ms). */
const FOLLOW_POLL_MS = 250
/** A run whose drivers die more often than this is closed as `failed`. */
const MAX_WAKE_UPS = 5

/**
 * Takes up a stored run and carries it on. A run that another living process drives is followed until it closes or
 * waits, at most for one lease. `happening` is what wakes it (a decision, a resolved finding).
 */
export async function resume(
  ports: EnginePorts,
  id: string,
  happening?: Happening | 'timerDue',
): Promise<Run> {
  for (;;) {
    const { run, driven } = await followed(ports, id)
    if (run.state === 'closed' || driven) return run
    const position = positionOf(ports, run)
    if (!position) return run
    try {
      return await takeUp(ports, run, position, happening)
    } catch (error) {
      if (!(error instanceof TakenOver)) throw error
    }
  }
}

async function takeUp(
  ports: EnginePorts,
  run: Run,
  position: Position,
  wakened: Happening | 'timerDue' | undefined,
): Promise<Run> {
  const happening = wakened === 'timerDue' ? timerOf(position) : wakened
  const session = await openSession(ports, run)
  session.permit = position.context.permit
  session.waited = true
  if (run.undoOf && !run.expiry) session.newest = (await ports.store.newest(run.playbook, run.key)) ?? null
  const unreadable = loadPolicy(session)
  if (position.locked) return takeOver(session, position, happening)
  const uncovered = (await ports.store.attached(run.id)).some((finding) => !covers(run.findings, finding))
  await takeAttached(session, 'all')
  if (unreadable !== undefined) session.ending = { outcome: 'blocked', reason: unreadable }
  if (uncovered || unreadable !== undefined) return drive(session, position, { type: 'lookAgain' })
  return drive(session, position, happening ?? afterDecisions(run))
}

/** A run with a pending change: takes over the dead driver's lease, and goes on where the write-ahead stands. */
async function takeOver(session: Session, position: Position, happening?: Happening): Promise<Run> {
  const { run, ports } = session
  const lock = await ports.store.lock(run.resource)
  const now = ports.clock.now()
  // A run that waits for a command is woken in the course of things; one that was under way lost its driver.
  if (position.effect) run.wakeUps = (run.wakeUps ?? 0) + 1
  await takeAttached(session, 'covered')
  const until = leaseEnd(session)
  const result = await commitOnce(ports.store, {
    id: `${run.id}-${run.revision + 1}`,
    run: { ...run, revision: run.revision + 1 },
    expect: { revision: run.revision },
    lock: { op: 'take', resource: run.resource, epoch: lock.epoch, owner: ports.owners.self, until },
    audit: [{ at: iso(now), event: 'resumed', by: ports.owners.self }],
  })
  if (result.kind === 'conflict') throw new TakenOver(run.id)
  run.revision += 1
  session.leaseUntil = until
  session.resumed = true
  if (position.effect && (run.wakeUps ?? 0) > MAX_WAKE_UPS) {
    if (position.effect === 'apply') noteDoubt(session)
    const error = new Error(`interrupted ${MAX_WAKE_UPS} times: left as it is, look at the resource`)
    return drive(session, position, { type: 'effectFailed', effect: position.effect, error })
  }
  return drive(session, position, happening)
}

function timerOf({ timer }: Position): Happening | undefined {
  return timer && { type: 'timer', event: timer.event }
}

/** A stored run is carried on under the policy file that decided it. Returns why that cannot be read, if it cannot. */
export function loadPolicy(session: Session): string | undefined {
  const { run, ports } = session
  if (run.policyFile === undefined) return undefined
  try {
    session.policy = ports.policyAt(run.policyFile)
    return undefined
  } catch (error) {
    session.policy = { kind: 'none' }
    return `cannot evaluate policy: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** The run, once no other living process works on it; `driven` when one still does after a lease. */
async function followed(ports: EnginePorts, id: string): Promise<{ run: Run; driven: boolean }> {
  let run = await runCalled(ports.store, id)
  const patience = ports.clock.now() + leaseMs(run)
  for (;;) {
    const driven = run.state !== 'closed' && (await drivenByAnother(ports, run))
    if (!driven || ports.waker || ports.clock.now() >= patience) return { run, driven }
    await ports.clock.sleep(FOLLOW_POLL_MS)
    run = await runCalled(ports.store, id)
  }
}

/** Whether a living process holds the resource for this run. */
export async function drivenByAnother(
  { store, owners, clock, waker }: EnginePorts,
  run: Run,
): Promise<boolean> {
  // Where nobody stays, nobody is with a run that waits, although it keeps its lock while its command runs.
  if (waker && run.state === 'waiting') return false
  const { held } = await store.lock(run.resource)
  if (held?.run !== run.id || held.until <= clock.now()) return false
  return held.owner !== owners.self && (await owners.alive(held.owner))
}

/** Undefined for a run that this version cannot read: it is parked and told, never guessed at. */
function positionOf(ports: EnginePorts, run: Run): Position | undefined {
  if (!ports.playbooks.some(({ id }) => id === run.playbook))
    return parked(ports, run, `it is of playbook "${run.playbook}", which is unknown here`)
  try {
    return restore(run.machine)
  } catch (error) {
    if (!(error instanceof UnknownMachine)) throw error
    return parked(ports, run, error.message)
  }
}

function parked({ progress }: EnginePorts, run: Run, why: string): undefined {
  progress?.({ kind: 'stuck', run, message: `run ${run.id} is parked: ${why}` })
}
