import type { Aws } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import type { Reader } from '../playbook/playbook.ts'
import type { KnownPlaybook } from '../playbook/service/known-playbook.ts'
import type { AsksForOrganization } from '../policy/conditions/asks-for.ts'
import type { InOrganization, LoadedPolicy } from '../policy/rules.ts'
import type { Asked, Run } from '../run/run.ts'
import type { Owners, RunStore } from '../run/store.ts'
import type { Clock, Ids } from './clock.ts'
import type { Effect } from './drive/facts.ts'
import type { Happening, Position } from './drive/machine.ts'
import type { ConfigRules } from './jobs/rule-facts.ts'
import type { OwnParts } from './own/own-parts.ts'
import type { Calendars } from './rails/calendars.ts'
import type { RehearsalChecks } from './rehearsing/rehearsal-checks.ts'
import type { TaggedPlaces } from './tags/tagged-places.ts'
import type { Trail } from './trail/trail.ts'

/** What the person at the terminal says about a waiting run. `leave`: nobody is there; the run waits. */
export type Answer = { kind: 'approve' } | { kind: 'decline'; reason?: string } | { kind: 'leave' }

/** All that the engine needs of the world. */
export interface EnginePorts {
  aws: Aws
  store: RunStore
  owners: Owners
  clock: Clock
  ids: Ids
  /** Those that may be asked for; one is loaded when a finding or a run is its. */
  playbooks: readonly KnownPlaybook[]
  /** What the rules of AWS Config are; kept for as long as the process. */
  configRules: ConfigRules
  /** Whether the calendars that the policy names let changes be made; kept for as long as the process. */
  calendars: Calendars
  /** The policy for new runs. For a stored run the file that decided it is loaded again by `policyAt`. */
  policy: LoadedPolicy
  /** Loads the policy that decided a stored run; rejects when it cannot be read (the run is then `blocked`). */
  policyAt(file: string): Promise<LoadedPolicy>
  /** Tells where an account stands in its organisation, as far as rules ask for it; absent: nobody here can tell. */
  organization?(account: string, asks: AsksForOrganization): Promise<AccountPlace>
  /** Reads tags of what resources stand in, for a policy that goes by them; absent: nobody here can. */
  taggedPlaces?: TaggedPlaces
  /** Tells who changed a resource lately; absent: nobody here can ask. */
  trail?: Trail
  /** What is the engine's own, besides what its caller came through; absent: nobody here knows of a deployment. */
  own?: OwnParts
  /** What a rehearsal asks AWS about calls that have no dry run; absent: nothing, and they are `notCheckable`. */
  checks?(): Promise<RehearsalChecks>
  /** What reads for a run, as it shall read: whoever hands it in hears what the run is told; absent: nobody listens. */
  overhear?(run: Run, reader: Reader): Reader
  /** Seconds that AWS may take to show a change, or a call whose answer was lost (RECTIFY_PATIENCE). */
  patienceSeconds: number
  /** How this process waits: it stays, or it leaves and is woken. */
  waits: Waits
  /** ms since 1970, UTC: when this invocation ends. Nothing is begun that could not be finished by then. */
  endsAt?: number
  /** Called when a run gets on: for progress and for what is printed before the first change. */
  progress?(event: Progress): void
}

/** What could not be read is 'unread', and why. Never rejects. */
export type AccountPlace = InOrganization & { unreadable?: string }

/**
 * How a process waits for a person, a lock, a command or a timer. Of two hands: one stays (`waits/stay.ts`: a person's
 * terminal), one leaves and has runs woken through a queue and timers (`waits/leave.ts`: functions). What else follows
 * from whether somebody stays is here too, so that the engine never asks.
 */
export interface Waits {
  /** ms between two looks at what a command came to. */
  readonly commandPollMs: number
  /** Whether whoever asked for a run may approve it: where the caller of the engine is that person. */
  readonly requesterMayApprove: boolean
  /** Whether what is due is asked for again and again by itself: what cannot be done now is then put off. */
  readonly asksAgain: boolean
  /**
   * What a waiting run waits for has happened; or something is to be said of its wait first; or this process does not
   * wait for it.
   */
  happening(ports: EnginePorts, run: Run, position: Position): Effect<Happening | Asked | 'leave'>
  /** A run has closed that held its resource: the next one that waits for the resource shall get on. */
  released(ports: EnginePorts, run: Run): Promise<void>
  /** A run is handed on, because this invocation ends before it. */
  handedOn(ports: EnginePorts, run: Run): Promise<void>
  /** A stored run that is overdue gets on: carried on here, with all that comes of it, or woken elsewhere. */
  goOn(ports: EnginePorts, run: Run): Promise<Run[]>
  /** The same for a run that was decided about: `run` has the decisions. */
  decided(ports: EnginePorts, run: Run): Promise<Run[]>
  /** Time-boxed entries that `original` put into its set are over. */
  expire(ports: EnginePorts, original: Run, entries: string[]): Promise<Run[]>
  /** Whether another living process is with the run. */
  drivenByAnother(ports: EnginePorts, run: Run): Promise<boolean>
  /** The run, once no other living process works on it; `driven` when one still does. */
  followed(ports: EnginePorts, taken: TakenUp): Promise<{ run: Run; driven: boolean }>
  /** Overdue runs that are seen to at once, in one sweep. */
  readonly sweepsAtOnce: number
  /**
   * When somebody has to see to a run as it stands, unless it has moved on by then; ms since 1970, UTC.
   * @param leaseUntil end of its lease, where it holds its resource
   */
  dueAt(run: Run, now: number, leaseUntil: number | undefined): number
}

/** A run to carry on: as it has just been read, or its id. */
export type TakenUp = Run | string

/** Wakes runs that nobody stays for. A wake-up may come twice, late, or for a run that has moved on: it is only a hint. */
export interface Waker {
  /** At `wokenAt(run)` (`waits/moments.ts`). */
  later(run: Run): Promise<void>
  /** @param of what makes it this wake-up: the run's stored revision, the run that let it go, the message that told it */
  now(run: Pick<Run, 'id' | 'resource'>, why: WakeReason, of: number | string): Promise<void>
  /** The time-boxed entries that this run put into a set are over. */
  expire(original: Run, entries: string[]): Promise<void>
}

export type WakeReason = 'lockFree' | 'handedOn' | 'sweep' | 'decision' | 'settled'

/** What is told as a run gets on: to a person at a terminal, or to logs and metrics. */
export type Progress =
  | { kind: 'identity'; run: Run; account: string; principal: string; region: string }
  | { kind: 'state'; run: Run; state: string }
  | { kind: 'closed'; run: Run }
  /** Findings that came after the end of a run which has proven what they ask for. */
  | { kind: 'covered'; run: Run; findings: readonly Finding[] }
  | { kind: 'warning'; run?: Run; message: string }
  /** This run cannot be carried on as things are, now or later: somebody must look at it. */
  | { kind: 'stuck'; run: Run; message: string; error?: unknown }

/** What handling some findings came to. */
export interface Report {
  /** One entry per run, in the order in which the findings came. */
  runs: Run[]
  ignored: Ignored[]
}

/** A finding for which there is no run. */
export interface Ignored {
  finding: string
  reason: string
  /** Of one that is open, and that no playbook answers. */
  unanswered?: Pick<Finding, 'source' | 'type'>
}

/** What is asked for: a plan, a rehearsal, or the real thing. */
export type Intent = Run['intent']

/** How findings are taken. */
export interface HandleOptions {
  includeSamples?: boolean
  /** Only this playbook, on this resource (id or ARN): `--playbook --resource`. */
  only?: { playbook: string; resource: string }
  /**
   * Of a plan or a rehearsal: given each run when it has ended, in the order of the findings, and waited for. It is then
   * not in the report.
   */
  onEnd?: (run: Run) => void | Promise<void>
  /** The same: told what is ignored before the first look. */
  onIgnored?: (ignored: Report['ignored']) => void | Promise<void>
  /** The same: from here on no further run is begun; those that are under way end. */
  until?: AbortSignal
  /** The same: which targets of which playbooks are left out, because they were rehearsed before. */
  isDone?: (playbook: string, key: string) => boolean
}
