import { type AnyActorScope, type AnyMachineSnapshot, createActor, initialTransition } from 'xstate'
import {
  type Answers,
  type EffectName,
  MACHINE_ID,
  MACHINE_VERSION,
  type RemediationContext,
  type RemediationEvent,
  type RemediationInput,
  remediation,
} from '../../../state-machines/remediation.ts'
import type { Json } from '../../playbook/json.ts'
import type { Run } from '../../run/run.ts'

/**
 * Where a run stands in the machine. No actor is ever started: the host calls `next`, stores what it must, and then
 * carries out the effect. Every state has at most one effect and one timer.
 */
export interface Position {
  readonly state: string
  readonly context: Readonly<RemediationContext>
  /** The effect to carry out now. */
  readonly effect?: EffectName
  /** Wakes a waiting run: the event to send after so many ms. */
  readonly timer?: { event: string; ms: number }
  readonly locked: boolean
  readonly waiting: boolean
  readonly done: boolean
}

/** Whether a guard rail holds a run there, before its claim or between two of its steps. */
export const isHeldByRail = ({ state }: Pick<Position, 'state'>): boolean =>
  state === 'held' || state === 'stopped'

/** What may happen to a run: an event of the machine, the end of its effect, or its timer. */
export type Happening =
  | RemediationEvent
  | { type: 'effectDone'; effect: EffectName; output: Answers[EffectName] }
  | { type: 'effectFailed'; effect: EffectName; error: unknown }
  | { type: 'timer'; event: string }

/** A stored run that this version cannot read: it is parked, never guessed at. */
export class UnknownMachine extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnknownMachine'
  }
}

/**
 * What XState's pure `transition` makes anew for each call, at three times the cost of the transition itself: an
 * actor that is never started and a scope in which nothing can happen.
 */
const doNothing = () => undefined
const self = createActor(remediation, { input: { intent: 'plan', undo: false } })
const NOWHERE: AnyActorScope = {
  self,
  system: self.system,
  id: '',
  sessionId: '',
  logger: doNothing,
  defer: doNothing,
  emit: doNothing,
  stopChild: doNothing,
  actionExecutor: doNothing,
}

const beginnings = new Map<string, Position>()

/** Where a run stands that has done nothing yet. */
export function begin(input: RemediationInput): Position {
  const key = `${input.intent} ${input.undo}`
  const position = beginnings.get(key) ?? positionOf(initialTransition(remediation, input)[0])
  beginnings.set(key, position)
  return position
}

/** Transitions that were made before, by where they start and what happened there. */
const known = new WeakMap<Position, Map<string, Position | undefined>>()
/** So many are kept of a position. */
const MOST_KNOWN = 500

/**
 * Undefined when the event means nothing in this state (late or duplicate): nothing is to be stored then. The machine is
 * pure, and of many findings of a kind all runs make the same transitions: each is asked of it once.
 */
export function next(from: Position, happening: Happening): Position | undefined {
  if (isStale(from, happening)) return undefined
  if ('error' in happening) return transition(from, happening)
  const made = known.get(from) ?? new Map<string, Position | undefined>()
  known.set(from, made)
  const key = JSON.stringify(happening)
  if (made.has(key)) return made.get(key)
  if (made.size >= MOST_KNOWN) made.clear()
  const to = transition(from, happening)
  made.set(key, to)
  return to
}

function transition(from: Position, happening: Happening): Position | undefined {
  const before = snapshotOf(from)
  const after = remediation.transition(before, eventOf(happening) as RemediationEvent, NOWHERE)
  return after === before ? undefined : positionOf(after)
}

/** The end of an effect that is not under way: the machine has no answer to a failure of one and would break. */
function isStale(from: Position, happening: Happening): boolean {
  return 'effect' in happening && happening.effect !== from.effect
}

/** What of a position is stored with the run. */
export function stored(position: Position): Run['machine'] {
  const { state, context } = position
  return { id: MACHINE_ID, version: MACHINE_VERSION, snapshot: { state, context } as unknown as Json }
}

/** Throws `UnknownMachine` for a machine, version or state that this build does not know. */
export function restore(machine: Run['machine']): Position {
  if (machine.id !== MACHINE_ID || machine.version !== MACHINE_VERSION) {
    throw new UnknownMachine(
      `this run was made by machine ${machine.id} version ${machine.version}, which is unknown here`,
    )
  }
  const { state, context } = machine.snapshot as unknown as { state: string; context: RemediationContext }
  if (!Object.hasOwn(remediation.states, state)) {
    throw new UnknownMachine(
      `state "${state}" does not exist in machine ${machine.id} version ${machine.version}`,
    )
  }
  return positionOf(remediation.resolveState({ value: state as never, context }))
}

function snapshotOf({ state, context }: Position) {
  return remediation.resolveState({ value: state as never, context })
}

function positionOf(snapshot: AnyMachineSnapshot): Position {
  const state = String(snapshot.value)
  const context = snapshot.context as RemediationContext
  const node = remediation.states[state as keyof typeof remediation.states]!
  const effect = node.invoke[0]?.src as EffectName | undefined
  const timer = node.after[0]
  const ms = state === 'asking' ? context.expiresInMs : context.pollMs
  return {
    state,
    context,
    locked: snapshot.hasTag('locked'),
    waiting: snapshot.hasTag('waiting'),
    done: snapshot.status === 'done',
    ...(effect !== undefined && { effect }),
    ...(timer && { timer: { event: timer.eventType, ms } }),
  }
}

function eventOf(happening: Happening): object {
  switch (happening.type) {
    case 'effectDone':
      return {
        type: `xstate.done.actor.${happening.effect}`,
        output: happening.output,
        actorId: happening.effect,
      }
    case 'effectFailed':
      return {
        type: `xstate.error.actor.${happening.effect}`,
        error: happening.error,
        actorId: happening.effect,
      }
    case 'timer':
      return { type: happening.event }
    default:
      return happening
  }
}
