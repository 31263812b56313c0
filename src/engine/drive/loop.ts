import type { Answers, EffectName } from '../../../state-machines/effects.ts'
import { AwsError } from '../../playbook/aws-error.ts'
import { Unplannable } from '../../playbook/planned.ts'
import type { Asked, Run } from '../../run/run.ts'
import { EFFECTS } from '../effects/effects.ts'
import { failureText } from '../effects/step-error.ts'
import type { EnginePorts } from '../ports.ts'
import { countEnd } from '../rails/count-end.ts'
import { giveBack } from '../rails/limits.ts'
import { saidBetween } from '../waits/moments.ts'
import { persist, persistDriver } from './commit.ts'
import type { Drive } from './drive.ts'
import type { Effect } from './facts.ts'
import { handOn } from './hand-on.ts'
import { type Happening, next, type Position } from './machine.ts'
import { EndOfInvocation } from './out-of-time.ts'
import { recorded } from './record.ts'

/**
 * Drives one run: transition, store what must be stored, carry out the effect, feed its answer back, until the run is
 * closed or has to wait for something that this process does not wait for. Returns the run as it stands.
 */
export async function drive(driven: Drive, from: Position, first?: Happening): Promise<Run> {
  const { ports, run } = driven
  let position = from
  if (first) position = await transition(driven, position, first)
  for (;;) {
    ports.progress?.({ kind: 'state', run, state: position.state })
    if (position.done) {
      ports.progress?.({ kind: 'closed', run })
      await ports.waits.released(ports, run)
      return run
    }
    const happening = position.effect
      ? await inTime(driven, position.effect)
      : await recorded(driven, ports.waits.happening(ports, run, position))
    if (happening === 'handOn') await handOn(driven, position)
    if (happening === 'handOn' || happening === 'leave') return run
    if ('level' in happening) await say(driven, happening)
    else position = await transition(driven, position, happening)
  }
}

/** What is said of a wait is stored, and whoever tells people of what is stored tells them that. */
async function say(driven: Drive, asked: Asked): Promise<void> {
  await persistDriver(driven, { run: { asked }, events: saidBetween(driven.run.asked, asked) })
}

/** One transition. What the machine asks to be stored is stored before anything else happens. */
async function transition(driven: Drive, from: Position, happening: Happening): Promise<Position> {
  const to = next(from, happening)
  if (!to) return from
  if (to.done) await recorded(driven, countEnd(driven, to.context))
  const refused = await persist(driven, from, to)
  if (!refused) return to
  if (to.locked) await giveBack(driven)
  // The claim or the close failed: the machine hears why in the state it was in.
  if (refused.type === 'again') return transition(driven, from, happening)
  return transition(driven, from, refused)
}

/** What an effect may take at most, in an invocation that will be cut off (ms). */
const EFFECT_MS = 20_000

/** Whether an effect may begin in this invocation. */
export function hasTimeForMore({ clock, endsAt = Number.POSITIVE_INFINITY }: EnginePorts): boolean {
  return endsAt - clock.now() >= EFFECT_MS
}

async function inTime(driven: Drive, effect: EffectName): Promise<Happening | 'handOn'> {
  if (!hasTimeForMore(driven.ports)) return 'handOn'
  try {
    return await happeningBy(driven, effect)
  } catch (error) {
    if (error instanceof EndOfInvocation) return 'handOn'
    throw error
  }
}

async function happeningBy(driven: Drive, effect: EffectName): Promise<Happening> {
  if (effect === 'change') await announce(driven)
  try {
    const answer: Effect<Answers[EffectName]> = EFFECTS[effect](driven)
    const output = await recorded(driven, answer)
    return { type: 'effectDone', effect, output }
  } catch (error) {
    if (!isFailureOfTheRun(error)) throw error
    const { arn } = await driven.ports.aws.identity()
    return { type: 'effectFailed', effect, error: new Error(failureText(error, arn)) }
  }
}

/** Who changes what, where: told before the first change. */
async function announce({ ports, run }: Drive): Promise<void> {
  const { arn, account } = await ports.aws.identity()
  ports.progress?.({ kind: 'identity', run, account, principal: arn, region: run.region })
}

/**
 * A failed AWS call, or a state that no playbook understands, is a fact about the run. Anything else (a defect of
 * ours, a store that cannot be written) is not: it goes up, and the run stays as it was stored.
 */
function isFailureOfTheRun(error: unknown): boolean {
  return error instanceof AwsError || error instanceof Unplannable
}
