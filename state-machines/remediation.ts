import { assign, fromPromise, setup } from 'xstate'
import type { Answers, Close, DryRunAnswer, EffectName, Outcome, Permit, Planned } from './effects.ts'

/**
 * In what order a run goes: look, decide, rehearse, ask, claim, change, prove. Data and pure functions only; the
 * driver (`src/engine/drive/loop.ts`) carries out the invoked effects by name and feeds their answers back.
 *
 * Tags tell the driver what a state means for storage:
 * - `locked`: the run holds the lock on its resource; entering it from a state without the tag is the claim, and
 *   the plan, the before-state and the undo are stored with it before any effect runs (write-ahead)
 * - `waiting`: nothing runs; the run is stored and a person, a timer or another run wakes it
 */

export const MACHINE_ID = 'remediation'
export const MACHINE_VERSION = 1

export type * from './effects.ts'

export interface RemediationInput {
  intent: 'plan' | 'rehearse' | 'apply'
  undo: boolean
}

export interface RemediationContext extends RemediationInput {
  permit: Permit
  dryRunFirst: boolean
  expiresInMs: number
  pollMs: number
  /** How often the resource has changed under the plan. */
  drifts: number
  outcome: Outcome | null
  reason: string
}

export type RemediationEvent =
  | { type: 'approved' }
  | { type: 'declined'; reason: string }
  /** Declined, and not asked about again for a while. */
  | { type: 'exempted'; reason: string }
  /** A finding came in that the plan does not cover, or the detector says that it is over: look again. */
  | { type: 'lookAgain' }
  /** The claim failed: another run holds the resource. */
  | { type: 'busy' }
  /** The claim failed: the resource was released since we looked. */
  | { type: 'stale' }
  | { type: 'lockFree' }

/** An auto run whose resource changes more often than this under its plan gives up. */
export const MAX_DRIFTS = 3

type Done<T> = { output: T }
const answer = <T>(event: unknown): T => (event as Done<T>).output
const message = (event: unknown): string => {
  const { error } = event as { error: unknown }
  return error instanceof Error ? error.message : String(error)
}

const carriedOutByTheDriver = <T>() =>
  fromPromise<T>(() => Promise.reject(new Error('effects are carried out by the driver, never by an actor')))

const effect = <N extends EffectName>(name: N) =>
  ({ id: name, src: name, onError: { target: 'closed', actions: 'fail' } }) as const

export const remediation = setup({
  types: {
    input: {} as RemediationInput,
    context: {} as RemediationContext,
    events: {} as RemediationEvent,
    tags: {} as 'locked' | 'waiting',
  },
  // The driver runs the effects; these stand-ins give the names their place and are never started.
  actors: {
    look: carriedOutByTheDriver<Answers['look']>(),
    dryRun: carriedOutByTheDriver<Answers['dryRun']>(),
    recheck: carriedOutByTheDriver<Answers['recheck']>(),
    change: carriedOutByTheDriver<Answers['change']>(),
    settle: carriedOutByTheDriver<Answers['settle']>(),
    verify: carriedOutByTheDriver<Answers['verify']>(),
  },
  delays: {
    approvalExpiry: ({ context }) => context.expiresInMs,
    poll: ({ context }) => context.pollMs,
  },
  guards: {
    closes: ({ event }) => answer<{ kind?: string }>(event).kind === 'close',
    clear: ({ event }) => answer<{ kind?: string }>(event).kind === 'clear',
    held: ({ event }) => answer<{ kind?: string }>(event).kind === 'held',
    mustSettle: ({ event }) => answer<{ kind?: string }>(event).kind === 'settling',
    running: ({ event }) => answer<{ kind?: string }>(event).kind === 'running',
    denied: ({ event }) => answer<DryRunAnswer>(event).denied,
    keepsChanging: ({ context }) => context.permit === 'auto' && context.drifts >= MAX_DRIFTS,
    planOnly: ({ context }) => context.intent === 'plan',
    // A rehearsal that was asked for stays one, whatever the policy would allow.
    mayRehearse: ({ context: { permit, intent } }) =>
      permit === 'rehearse' || (intent === 'rehearse' && (permit === 'approve' || permit === 'auto')),
    mustAsk: ({ context }) => context.permit === 'approve' && context.intent === 'apply',
    mayAct: ({ context }) => context.permit === 'auto' && context.intent === 'apply',
    mayActAfterDryRun: ({ context }) =>
      context.permit === 'auto' && context.intent === 'apply' && context.dryRunFirst,
  },
  actions: {
    takePlan: assign(({ event }) => {
      const { permit, reason, dryRunFirst, expiresInMs } = answer<Planned>(event)
      return { permit, reason, dryRunFirst, expiresInMs }
    }),
    close: assign(({ event }) => {
      const { outcome, reason } = answer<Close>(event)
      return { outcome, reason }
    }),
    fail: assign(({ event }) => ({ outcome: 'failed' as const, reason: message(event) })),
    failDenied: assign(({ event }) => ({
      outcome: 'failed' as const,
      reason: answer<DryRunAnswer>(event).reason,
    })),
    failChanging: assign({
      outcome: 'failed',
      reason: 'keeps changing: the resource changed under the plan each time',
    }),
    endByPermit: assign(({ context }) => ({ outcome: endingOf(context.permit) })),
    endPlanned: assign({ outcome: 'planned' }),
    endRehearsed: assign({ outcome: 'rehearsed' }),
    endDeclined: assign(({ event }) => ({
      outcome: 'declined' as const,
      reason: event.type === 'declined' ? event.reason : 'declined',
    })),
    endExempted: assign(({ event }) => ({
      outcome: 'exempted' as const,
      reason: event.type === 'exempted' ? event.reason : 'exempted',
    })),
    endExpired: assign({ outcome: 'expired', reason: 'nobody decided in time' }),
    endProven: assign(({ context }) => ({
      outcome: context.undo ? ('undone' as const) : ('remediated' as const),
    })),
    countDrift: assign({ drifts: ({ context }) => context.drifts + 1 }),
    setPoll: assign(({ event }) => ({ pollMs: answer<{ pollMs: number }>(event).pollMs })),
  },
}).createMachine({
  id: MACHINE_ID,
  version: String(MACHINE_VERSION),
  context: ({ input }) => ({
    intent: input?.intent ?? 'plan',
    undo: input?.undo ?? false,
    permit: 'blocked',
    dryRunFirst: true,
    expiresInMs: 0,
    pollMs: 0,
    drifts: 0,
    outcome: null,
    reason: '',
  }),
  initial: 'looking',
  states: {
    looking: {
      invoke: {
        ...effect('look'),
        onDone: [
          { guard: 'closes', target: 'closed', actions: 'close' },
          { target: 'deciding', actions: 'takePlan' },
        ],
      },
    },
    deciding: {
      always: [
        { guard: 'planOnly', target: 'closed', actions: 'endPlanned' },
        { guard: 'mayRehearse', target: 'rehearsing' },
        { guard: 'mustAsk', target: 'rehearsing' },
        { guard: 'mayActAfterDryRun', target: 'rehearsing' },
        { guard: 'mayAct', target: 'rechecking' },
        { target: 'closed', actions: 'endByPermit' },
      ],
    },
    rehearsing: {
      invoke: {
        ...effect('dryRun'),
        onDone: [
          { guard: 'mayRehearse', target: 'closed', actions: 'endRehearsed' },
          { guard: 'denied', target: 'closed', actions: 'failDenied' },
          { guard: 'mustAsk', target: 'asking' },
          { guard: 'mayAct', target: 'rechecking' },
          { target: 'closed', actions: 'endByPermit' },
        ],
      },
      on: { lookAgain: 'looking' },
    },
    asking: {
      tags: 'waiting',
      on: {
        approved: 'rechecking',
        declined: { target: 'closed', actions: 'endDeclined' },
        exempted: { target: 'closed', actions: 'endExempted' },
        lookAgain: 'looking',
      },
      after: { approvalExpiry: { target: 'closed', actions: 'endExpired' } },
    },
    rechecking: {
      invoke: {
        ...effect('recheck'),
        onDone: [
          { guard: 'clear', target: 'applying' },
          { guard: 'closes', target: 'closed', actions: 'close' },
          { guard: 'held', target: 'held', actions: 'setPoll' },
          { guard: 'keepsChanging', target: 'closed', actions: 'failChanging' },
          { target: 'deciding', actions: ['takePlan', 'countDrift'] },
        ],
      },
      on: { busy: 'queued', stale: 'looking', lookAgain: 'looking' },
    },
    // A guard rail holds it: before the claim nothing of what was decided is lost, and all is looked at again.
    held: {
      tags: 'waiting',
      on: { lookAgain: 'looking' },
      after: { poll: 'rechecking' },
    },
    queued: {
      tags: 'waiting',
      on: { lockFree: 'looking', lookAgain: 'looking' },
    },
    applying: {
      tags: 'locked',
      invoke: {
        ...effect('change'),
        onDone: [
          { guard: 'closes', target: 'closed', actions: 'close' },
          { guard: 'held', target: 'stopped', actions: 'setPoll' },
          { guard: 'mustSettle', target: 'settling', actions: 'setPoll' },
          { target: 'verifying' },
        ],
      },
    },
    // A guard rail holds it between two steps: the resource stays its own.
    stopped: {
      tags: ['locked', 'waiting'],
      after: { poll: 'applying' },
    },
    settling: {
      tags: ['locked', 'waiting'],
      after: { poll: 'checking' },
    },
    checking: {
      tags: 'locked',
      invoke: {
        ...effect('settle'),
        onDone: [
          { guard: 'closes', target: 'closed', actions: 'close' },
          { guard: 'running', target: 'settling', actions: 'setPoll' },
          { target: 'verifying' },
        ],
      },
    },
    verifying: {
      tags: 'locked',
      invoke: {
        ...effect('verify'),
        onDone: [
          { guard: 'closes', target: 'closed', actions: 'close' },
          { target: 'closed', actions: 'endProven' },
        ],
      },
    },
    closed: { type: 'final' },
  },
})

function endingOf(permit: Permit): Outcome {
  switch (permit) {
    case 'off':
      return 'off'
    case 'notify':
      return 'notified'
    case 'exempted':
      return 'exempted'
    default:
      return 'blocked'
  }
}
