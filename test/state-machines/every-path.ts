import { adjacencyMapToArray, getAdjacencyMap, getShortestPaths } from 'xstate/graph'
import type { Happening } from '../../src/engine/drive/machine.ts'
import {
  type Answers,
  type EffectName,
  MAX_DRIFTS,
  type Permit,
  type Planned,
  type RemediationEvent,
  type RemediationInput,
  remediation,
} from '../../state-machines/remediation.ts'

/** One way through the machine: what was asked for, and what happens then, one thing after the other. */
export interface Path {
  input: RemediationInput
  happenings: Happening[]
  /** Where the graph says that it leads. */
  to: Snapshot
}

type Snapshot = ReturnType<typeof remediation.resolveState>

/** What the machine is told: `type`, and the `output` or `error` of an effect. */
interface GraphEvent {
  type: string
  output?: unknown
  error?: unknown
}

export const PERMITS: readonly Permit[] = [
  'off',
  'notify',
  'rehearse',
  'approve',
  'auto',
  'exempted',
  'blocked',
]

const closes = (outcome: 'alreadyCompliant' | 'failed' | 'unverified') =>
  ({ kind: 'close', outcome, reason: `told to end ${outcome}` }) as const

const planned = (permit: Permit, dryRunFirst = permit === 'approve'): Planned => ({
  kind: 'planned',
  permit,
  reason: `the policy says ${permit}`,
  dryRunFirst,
  expiresInMs: 3_600_000,
})

const HELD = { kind: 'held', pollMs: 5_000 } as const

/** Each kind of answer that each effect can give. */
export const ANSWERS: { readonly [E in EffectName]: readonly Answers[E][] } = {
  look: [closes('alreadyCompliant'), ...PERMITS.map((permit) => planned(permit)), planned('auto', true)],
  dryRun: [
    { denied: false, reason: '' },
    { denied: true, reason: 'dry run denied' },
  ],
  recheck: [{ kind: 'clear' }, HELD, closes('alreadyCompliant'), ...PERMITS.map((permit) => planned(permit))],
  change: [{ kind: 'applied' }, { kind: 'settling', pollMs: 5_000 }, HELD, closes('failed')],
  settle: [{ kind: 'running', pollMs: 5_000 }, { kind: 'ended' }, closes('failed')],
  verify: [{ kind: 'proven' }, closes('unverified')],
}

export const EVENTS: readonly RemediationEvent[] = [
  { type: 'approved' },
  { type: 'declined', reason: 'not now' },
  { type: 'exempted', reason: 'not for a month' },
  { type: 'lookAgain' },
  { type: 'busy' },
  { type: 'stale' },
  { type: 'lockFree' },
]

/** Everything that an effect can come to. */
export const completionsOf = (effect: EffectName): Happening[] => [
  ...ANSWERS[effect].map((output): Happening => ({ type: 'effectDone', effect, output })),
  { type: 'effectFailed', effect, error: new Error(`${effect} broke`) },
]

/**
 * One path for every transition of the machine from every state that it can be in: the shortest way to that state, and
 * the transition. What tells two states apart is all that decides how a run goes on; an approved run may drift for
 * ever, so drifts beyond the limit of an auto run are not followed.
 */
export function everyPath(input: RemediationInput): Path[] {
  const options = {
    input,
    serializeState: ({ value, context }: Snapshot) => JSON.stringify([value, { ...context, reason: '' }]),
    // Completions and timers are not among the events that the machine declares.
    events: (snapshot: Snapshot) => eventsIn(snapshot) as RemediationEvent[],
  }
  const ways = new Map(
    getShortestPaths(remediation, options).map(({ state, steps }) => [options.serializeState(state), steps]),
  )
  return adjacencyMapToArray(getAdjacencyMap(remediation, options)).map(({ state, event, nextState }) => {
    // The first step of a way is the start of the machine itself.
    const way = ways.get(options.serializeState(state))!.slice(1)
    return { input, happenings: [...way.map((step) => step.event), event].map(happeningOf), to: nextState }
  })
}

function eventsIn(snapshot: Snapshot): GraphEvent[] {
  const node = remediation.states[snapshot.value as keyof typeof remediation.states]!
  const effect = node.invoke[0]?.src as EffectName | undefined
  const done: GraphEvent[] = effect
    ? ANSWERS[effect].map((output) => ({ type: `xstate.done.actor.${effect}`, output }))
    : []
  const drifted = effect === 'recheck' && snapshot.context.drifts > MAX_DRIFTS
  return [
    ...done.filter(({ output }) => !(drifted && (output as { kind: string }).kind === 'planned')),
    ...(effect ? [{ type: `xstate.error.actor.${effect}`, error: new Error(`${effect} broke`) }] : []),
    ...node.after.map(({ eventType }) => ({ type: eventType })),
    ...EVENTS.filter((event) => snapshot.can(event)),
  ]
}

/** The same event as the host tells it. */
function happeningOf(event: GraphEvent): Happening {
  const [, kind, ofActor, effect] = /^xstate\.(done|error|after)\.(?:(actor)\.)?(.*)$/.exec(event.type) ?? []
  if (!kind) return event as RemediationEvent
  if (!ofActor) return { type: 'timer', event: event.type }
  const name = effect as EffectName
  return kind === 'done'
    ? { type: 'effectDone', effect: name, output: event.output as Answers[EffectName] }
    : { type: 'effectFailed', effect: name, error: new Error(`${name} broke`) }
}
