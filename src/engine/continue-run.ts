import type { Run } from '../run/run.ts'
import { afterDecisions } from './decide/after-decisions.ts'
import { persistDriver, TakenOver, takeAttached } from './drive/commit.ts'
import type { Drive } from './drive/drive.ts'
import { leaseEnd } from './drive/lease.ts'
import { drive } from './drive/loop.ts'
import { type Happening, isHeldByRail, type Position, restore, UnknownMachine } from './drive/machine.ts'
import { openDrive, underItsPolicy } from './drive/open-drive.ts'
import { record } from './drive/record.ts'
import { covers } from './jobs/evidence.ts'
import type { EnginePorts, TakenUp } from './ports.ts'

/** A run whose drivers die more often than this is closed as `failed`. */
const MAX_WAKE_UPS = 5

/**
 * Takes up a stored run and carries it on. A run that another living process drives is followed until it closes or
 * waits, at most for one lease. `happening` is what wakes it (a decision, a resolved finding).
 */
export async function continueRun(
  ports: EnginePorts,
  taken: TakenUp,
  happening?: Happening | 'timerDue',
): Promise<Run> {
  for (let again = taken; ; ) {
    const { run, driven } = await ports.waits.followed(ports, again)
    if (run.state === 'closed' || driven) return run
    const position = positionOf(ports, run)
    if (!position) return run
    try {
      return await continueAt(ports, run, position, happening)
    } catch (error) {
      if (!(error instanceof TakenOver)) throw error
      again = run.id
    }
  }
}

async function continueAt(
  ports: EnginePorts,
  run: Run,
  position: Position,
  wakened: Happening | 'timerDue' | undefined,
): Promise<Run> {
  const happening = wakened === 'timerDue' ? timerOf(position) : wakened
  const takesBack = run.undoOf !== undefined && !run.expiry
  const newest = takesBack ? ((await ports.store.newest(run.playbook, run.key)) ?? null) : undefined
  const driven = await underItsPolicy(
    await openDrive(ports, run, {
      permit: position.context.permit,
      waited: true,
      ...(newest !== undefined && { newest }),
    }),
  )
  if (position.locked) return takeOver(driven, position, happening)
  const known = run.findings
  const attached = await takeAttached(driven, 'all')
  const isNew = attached.some((finding) => !covers(known, finding))
  if (isNew || driven.ending) return drive(driven, position, { type: 'lookAgain' })
  // Nobody comes back to it here: whoever takes it up asks what holds it.
  const asksNow = isHeldByRail(position) && !ports.waits.asksAgain ? timerOf(position) : undefined
  return drive(driven, position, happening ?? asksNow ?? afterDecisions(run))
}

/** A run with a pending change: takes over the dead driver's lease, and goes on where the write-ahead stands. */
async function takeOver(driven: Drive, position: Position, happening?: Happening): Promise<Run> {
  const { run, ports } = driven
  const { epoch } = await ports.store.lock(run.resource)
  await takeAttached(driven, 'covered')
  // A run that waits for a command is woken in the course of things; one that was under way lost its driver.
  const wakeUps = (run.wakeUps ?? 0) + (position.effect ? 1 : 0)
  const until = leaseEnd(driven)
  await persistDriver(driven, {
    run: wakeUps > 0 ? { wakeUps } : {},
    lock: { op: 'take', resource: run.resource, epoch, owner: ports.owners.self, until },
    // As it has always been stored.
    events: ['resumed'],
  })
  record(driven, { memory: { leaseUntil: until, driverDied: true } })
  if (position.effect && wakeUps > MAX_WAKE_UPS) {
    if (position.effect === 'change') {
      const { givenUp } = await import('./changing.ts')
      record(driven, givenUp(driven))
    }
    const error = new Error(`interrupted ${MAX_WAKE_UPS} times: left as it is, look at the resource`)
    return drive(driven, position, { type: 'effectFailed', effect: position.effect, error })
  }
  return drive(driven, position, happening)
}

function timerOf({ timer }: Position): Happening | undefined {
  return timer && { type: 'timer', event: timer.event }
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
