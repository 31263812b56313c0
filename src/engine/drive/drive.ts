import type { Answers, Close, EffectName, LookAnswer } from '../../../state-machines/remediation.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import { Unplannable } from '../../playbook/playbook.ts'
import { mayDecide } from '../../policy/approvers.ts'
import type { Decision, Run } from '../../run/run.ts'
import { tally } from '../../run/tally.ts'
import { alreadyDecided } from '../decide/already-decided.ts'
import { apply } from '../effects/change.ts'
import { dryRun } from '../effects/dry-run.ts'
import { look } from '../effects/look.ts'
import { lookForUndo } from '../effects/look-for-undo.ts'
import { recheck } from '../effects/recheck.ts'
import { settle } from '../effects/settle.ts'
import { failureText } from '../effects/step-error.ts'
import { verify } from '../effects/verify.ts'
import type { Waker } from '../ports.ts'
import { carryOn } from '../start-runs.ts'
import { store, TakenOver } from './commit.ts'
import { iso, type Session } from './driven.ts'
import { EndOfInvocation, handOn } from './hand-on.ts'
import { leaseMs } from './lease.ts'
import { type Happening, next, type Position } from './machine.ts'

/**
 * Drives one run: transition, store what must be stored, carry out the effect, feed its answer back, until the run is
 * closed or has to wait for something that this process does not wait for. Returns the run as it stands.
 */
export async function drive(session: Session, from: Position, first?: Happening): Promise<Run> {
  let position = from
  if (first) position = await advance(session, position, first)
  for (;;) {
    session.ports.progress?.({ kind: 'state', run: session.run, state: position.state })
    if (position.done) {
      session.ports.progress?.({ kind: 'closed', run: session.run })
      await wakeNextWaiter(session)
      return session.run
    }
    const happening = position.effect ? await inTime(session, position.effect) : await wait(session, position)
    if (happening === 'handOn') await handOn(session, position)
    if (happening === 'handOn' || happening === 'leave') return session.run
    position = await advance(session, position, happening)
  }
}

/** One transition. What the machine asks to be stored is stored before anything else happens. */
async function advance(session: Session, from: Position, happening: Happening): Promise<Position> {
  const to = next(from, happening)
  if (!to) return from
  const refused = await store(session, from, to)
  if (!refused) return to
  // The claim or the close failed: the machine hears why in the state it was in.
  if (refused.type === 'again') return advance(session, from, happening)
  return advance(session, from, refused)
}

async function lookFor(session: Session): Promise<LookAnswer> {
  if (session.ending) return { kind: 'close', ...session.ending }
  const answer = session.run.undoOf ? await lookForUndo(session) : await look(session)
  return silenced(session) ?? answer
}

/** The plan that somebody has just declined is not asked about again for a while; another plan is. */
function silenced(session: Session): Close | undefined {
  const { run, permit, silenced: earlier } = session
  if (!earlier || permit !== 'approve' || run.plan?.hash !== earlier.hash) return undefined
  delete session.newest
  const { outcome, reason, id } = earlier.run
  const until = iso(earlier.until)
  return {
    kind: 'close',
    outcome: outcome!,
    reason: `${reason} (run ${id}); the same plan stays silent until ${until}`,
  }
}

const EFFECTS: { [E in EffectName]: (session: Session) => Promise<Answers[E]> } = {
  look: lookFor,
  dryRun,
  recheck: (session) => recheck(session, lookFor),
  apply,
  settle,
  verify,
}

async function inTime(session: Session, effect: EffectName): Promise<Happening | 'handOn'> {
  if (outOfTime(session)) return 'handOn'
  try {
    return await carryOut(session, effect)
  } catch (error) {
    if (error instanceof EndOfInvocation) return 'handOn'
    throw error
  }
}

async function carryOut(session: Session, effect: EffectName): Promise<Happening> {
  if (effect === 'apply') await announce(session)
  try {
    const output = await EFFECTS[effect](session)
    return { type: 'effectDone', effect, output }
  } catch (error) {
    if (!isFailureOfTheRun(error)) throw error
    const { arn } = await session.ports.aws.identity()
    return { type: 'effectFailed', effect, error: new Error(failureText(error, arn)) }
  } finally {
    if (effect === 'apply') session.resumed = false
  }
}

/** Who changes what, where: told before the first change. */
async function announce({ ports, run }: Session): Promise<void> {
  const { arn, account } = await ports.aws.identity()
  ports.progress?.({ kind: 'identity', account, principal: arn, region: run.region })
}

/**
 * A failed AWS call, or a state that no playbook understands, is a fact about the run. Anything else (a defect of
 * ours, a store that cannot be written) is not: it goes up, and the run stays as it was stored.
 */
function isFailureOfTheRun(error: unknown): boolean {
  return error instanceof AwsError || error instanceof Unplannable
}

/** What a waiting run waits for, as far as this process waits for it. */
async function wait(session: Session, position: Position): Promise<Happening | 'leave'> {
  const { ports, run } = session
  if (ports.waker) return leaveToWaker(session, position, ports.waker)
  switch (position.state) {
    case 'asking':
      return ask(session, position)
    case 'queued':
      return awaitLock(session)
    default: {
      const due = Date.parse(run.waitingUntil ?? '') || ports.clock.now() + position.timer!.ms
      await ports.clock.sleep(Math.max(0, due - ports.clock.now()))
      return { type: 'timer', event: position.timer!.event }
    }
  }
}

/** Nobody stays: what has come meanwhile happens now, and for the rest the run is woken. */
async function leaveToWaker(
  session: Session,
  position: Position,
  waker: Waker,
): Promise<Happening | 'leave'> {
  const { ports, run } = session
  session.waited = true
  const due = Date.parse(run.waitingUntil ?? '')
  if (position.timer && ports.clock.now() >= due) return { type: 'timer', event: position.timer.event }
  if (position.state === 'asking') {
    const decided = afterDecisions(run)
    if (decided) return decided
  }
  if (position.state === 'queued') {
    const { held } = await ports.store.lock(run.resource)
    if (!held) return { type: 'lockFree' }
    if (held.until <= ports.clock.now()) await waker.now(held.run, run.resource, 'sweep')
    return 'leave'
  }
  await waker.later(run)
  return 'leave'
}

/** The release of a lock wakes the run that has waited longest for it. */
async function wakeNextWaiter({ ports, run }: Session): Promise<void> {
  if (!ports.waker || run.changedAt === undefined) return
  const waiting = await ports.store.list({ state: ['waiting'] })
  const next = waiting.findLast(
    ({ resource, waitingFor }) => waitingFor === 'lock' && resource === run.resource,
  )
  if (next) await ports.waker.now(next.id, next.resource, 'lockFree')
}

/** What an effect may take at most, in an invocation that will be cut off (ms). */
const EFFECT_MS = 20_000

function outOfTime({ ports }: Session): boolean {
  return ports.endsAt !== undefined && ports.endsAt - ports.clock.now() < EFFECT_MS
}

async function ask(session: Session, position: Position): Promise<Happening | 'leave'> {
  const { ports, run } = session
  session.waited = true
  if (ports.clock.now() >= Date.parse(run.waitingUntil ?? ''))
    return { type: 'timer', event: position.timer!.event }
  const answer = await ports.ask(run)
  if (answer.kind === 'leave') return 'leave'
  const { arn } = await ports.aws.identity()
  if (!run.approval || !mayDecide(run.approval, arn)) {
    ports.progress?.({
      kind: 'warning',
      run,
      message: `${arn} is not among the approvers of this run; it is left waiting`,
    })
    return 'leave'
  }
  const verdict = answer.kind
  const decision: Decision = { verdict, by: arn, at: iso(ports.clock.now()), hash: run.plan!.hash }
  if (answer.kind === 'decline' && answer.reason) decision.reason = answer.reason
  return decideAs(session, position, decision)
}

/** Records a decision and says what it means for the run. */
async function decideAs(
  session: Session,
  position: Position,
  decision: Decision,
): Promise<Happening | 'leave'> {
  const { ports, run } = session
  const result = await ports.store.decide(run.id, decision, ports.clock.now())
  switch (result.kind) {
    case 'recorded':
      run.decisions = result.decisions
      break
    case 'late':
      return { type: 'timer', event: position.timer!.event }
    case 'decided': {
      const stored = await ports.store.get(run.id)
      if (!stored || stored.revision !== run.revision) throw new TakenOver(run.id)
      run.decisions = stored.decisions
      const message = alreadyDecided(run, result.decision, decision.by)
      if (!afterDecisions(run)) ports.progress?.({ kind: 'warning', run, message })
      break
    }
    default:
      throw new TakenOver(run.id)
  }
  return afterDecisions(run) ?? 'leave'
}

/** What the recorded decisions of the current round come to; undefined while the quorum is not reached. */
export function afterDecisions(run: Run): Happening | undefined {
  const { declined, full } = tally(run)
  if (declined) return { type: 'declined', reason: declineText(declined) }
  return full && { type: 'approved' }
}

function declineText({ by, reason }: Decision): string {
  return reason ? `declined by ${by}: ${reason}` : `declined by ${by}`
}

/** How often a lock that another process holds is looked at (ms). */
const LOCK_POLL_MS = 250

async function awaitLock(session: Session): Promise<Happening | 'leave'> {
  const { ports, run } = session
  const patience = ports.clock.now() + leaseMs(run)
  while (ports.clock.now() < patience) {
    const lock = await ports.store.lock(run.resource)
    if (!lock.held) return { type: 'lockFree' }
    if (!(await ports.owners.alive(lock.held.owner)) || lock.held.until <= ports.clock.now()) {
      await carryOn(ports, lock.held.run)
    }
    await ports.clock.sleep(LOCK_POLL_MS)
  }
  return 'leave'
}
