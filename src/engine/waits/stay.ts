import { sameJson } from '../../playbook/json.ts'
import type { Run } from '../../run/run.ts'
import { afterDecisions } from '../decide/after-decisions.ts'
import { alreadyDecided } from '../decide/already-decided.ts'
import { decideAs } from '../decide/decide-as.ts'
import { TakenOver } from '../drive/commit.ts'
import type { Effect } from '../drive/facts.ts'
import { leaseMs } from '../drive/lease.ts'
import type { Happening, Position } from '../drive/machine.ts'
import type { Answer, EnginePorts, TakenUp, Waits } from '../ports.ts'
import { runCalled, runTaken } from '../run-called.ts'
import { continueWithFurther } from '../start-runs.ts'
import { orTellStuck } from '../stuck.ts'
import { expire } from '../undo/undo-run.ts'
import { isHeld, lockedByAnother } from './lock-holders.ts'

/** How often a command that runs elsewhere is asked about (ms). */
const COMMAND_POLL_MS = 5_000
/** How often a lock that another process holds is looked at (ms). */
const LOCK_POLL_MS = 250
/** How often the end of a run that another process drives is looked for (ms). */
const FOLLOW_POLL_MS = 250

/**
 * Stays: asks the person at the terminal, polls what another process or AWS has in hand, and carries everything on
 * itself.
 * @param ask asks the person about a waiting run, or answers for them (--yes, --approve); called once per round
 */
export function stay(ask: (run: Run) => Promise<Answer>): Waits {
  return {
    commandPollMs: COMMAND_POLL_MS,
    requesterMayApprove: true,
    asksAgain: false,
    async *happening(ports, run, position) {
      switch (position.state) {
        case 'asking':
          return yield* asking(ports, run, position, ask)
        case 'queued':
          return awaitLock(ports, run)
        case 'held':
        case 'stopped':
          return isOver(ports, run) ? { type: 'timer', event: position.timer!.event } : 'leave'
        default: {
          const due = Date.parse(run.waitingUntil ?? '') || ports.clock.now() + position.timer!.ms
          await ports.clock.sleep(Math.max(0, due - ports.clock.now()))
          return { type: 'timer', event: position.timer!.event }
        }
      }
    },
    released: async () => undefined,
    handedOn: async () => undefined,
    goOn: (ports, { id, heldBy }) => continueWithFurther(ports, id, heldBy && 'timerDue'),
    async decided(ports, run) {
      const happening = afterDecisions(run)
      return happening ? continueWithFurther(ports, run.id, happening) : [run]
    },
    // One that this build cannot carry out does not keep the others from theirs.
    expire: (ports, original, entries) =>
      orTellStuck(ports, original, async () => [await expire(ports, original, entries)]),
    drivenByAnother: lockedByAnother,
    followed,
    sweepsAtOnce: 1,
    // Who died leaves no timer behind: a sweep looks at whatever no living process drives.
    dueAt: (run, now) =>
      run.waitingFor === 'approval' || run.heldBy ? Date.parse(run.waitingUntil ?? '') : now,
  }
}

async function* asking(
  ports: EnginePorts,
  run: Run,
  position: Position,
  ask: (run: Run) => Promise<Answer>,
): Effect<Happening | 'leave'> {
  yield { memory: { waited: true } }
  const tooLate: Happening = { type: 'timer', event: position.timer!.event }
  if (isOver(ports, run)) return tooLate
  const answer = await ask(run)
  if (answer.kind === 'leave') return 'leave'
  const { arn } = await ports.aws.identity()
  const reason = answer.kind === 'decline' ? answer.reason : undefined
  const decided = await decideAs(ports, run, {
    verdict: answer.kind,
    speaker: { by: arn },
    hash: run.plan?.hash ?? '',
    reason,
    requesterMayApprove: true,
  })
  switch (decided.kind) {
    case 'notApprover': {
      const message = `${arn} is not among the approvers of this run; it is left waiting`
      ports.progress?.({ kind: 'warning', run, message })
      return 'leave'
    }
    case 'late':
      return tooLate
    case 'recorded':
      yield { run: { decisions: decided.run.decisions } }
      break
    case 'decided': {
      const { stored } = decided
      if (stored?.revision !== run.revision) throw new TakenOver(run.id)
      yield { run: { decisions: stored.decisions } }
      const message = alreadyDecided(run, decided.decision, arn)
      if (!afterDecisions(run)) ports.progress?.({ kind: 'warning', run, message })
      break
    }
    default:
      throw new TakenOver(run.id)
  }
  return afterDecisions(run) ?? 'leave'
}

const isOver = ({ clock }: EnginePorts, { waitingUntil }: Run): boolean =>
  clock.now() >= Date.parse(waitingUntil ?? '')

async function awaitLock(ports: EnginePorts, run: Run): Promise<Happening | 'leave'> {
  const patience = ports.clock.now() + leaseMs(run)
  while (ports.clock.now() < patience) {
    const { lockedBy } = await ports.store.lock(run.resource)
    if (!lockedBy) return { type: 'lockFree' }
    // A guard rail holds its holder: nobody knows for how long.
    if ((await ports.store.get(lockedBy.run))?.heldBy) return 'leave'
    if (!(await isHeld(ports, lockedBy))) {
      await continueWithFurther(ports, lockedBy.run)
      // Nobody can carry that run on (it is of another version): it holds the resource until somebody can.
      if (sameJson((await ports.store.lock(run.resource)).lockedBy, lockedBy)) return 'leave'
    }
    await ports.clock.sleep(LOCK_POLL_MS)
  }
  return 'leave'
}

/** At most for one lease. */
async function followed(ports: EnginePorts, taken: TakenUp): Promise<{ run: Run; driven: boolean }> {
  let run = await runTaken(ports.store, taken)
  const patience = ports.clock.now() + leaseMs(run)
  for (;;) {
    const driven = run.state !== 'closed' && (await lockedByAnother(ports, run))
    if (!driven || ports.clock.now() >= patience) return { run, driven }
    await ports.clock.sleep(FOLLOW_POLL_MS)
    run = await runCalled(ports.store, run.id)
  }
}
