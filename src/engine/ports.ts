import type { Aws } from '../aws/port.ts'
import type { Finding } from '../findings/finding.ts'
import type { AnyPlaybook } from '../playbook/playbook.ts'
import type { LoadedPolicy } from '../policy/rules.ts'
import type { Run } from '../run/run.ts'
import type { Owners, RunStore } from '../run/store.ts'
import type { Clock, Ids } from './clock.ts'
import type { ConfigRules } from './jobs/rule-facts.ts'

/** What the person at the terminal says about a waiting run. `leave`: nobody is there; the run waits. */
export type Answer = { kind: 'approve' } | { kind: 'decline'; reason?: string } | { kind: 'leave' }

export interface EnginePorts {
  aws: Aws
  store: RunStore
  owners: Owners
  clock: Clock
  ids: Ids
  playbooks: readonly AnyPlaybook[]
  /** What the rules of AWS Config are; kept for as long as the process. */
  configRules: ConfigRules
  /** The policy for new runs. For a stored run the file that decided it is loaded again by `policyAt`. */
  policy: LoadedPolicy
  /** Loads the policy that decided a stored run; throws when it cannot be read (the run is then `blocked`). */
  policyAt(file: string): LoadedPolicy
  /** Seconds that AWS may take to show a change, or a call whose answer was lost (RECTIFY_PATIENCE). */
  patienceSeconds: number
  /** Asks the person at the terminal, or answers for them (--yes, --approve). Called once per round. */
  ask(run: Run): Promise<Answer>
  /** Present where nobody stays until a run ends (Lambda): waiting runs are left, and woken through it. */
  waker?: Waker
  /** ms since 1970, UTC: when this invocation ends. Nothing is begun that could not be finished by then. */
  endsAt?: number
  /** Called when a run gets on: for progress and for what is printed before the first change. */
  progress?(event: Progress): void
}

/** Wakes runs that nobody stays for. A wake-up may come twice, late, or for a run that has moved on: it is only a hint. */
export interface Waker {
  /** At `run.waitingUntil`. */
  later(run: Run): Promise<void>
  now(run: string, resource: string, why: WakeReason): Promise<void>
  /** The time-boxed entries that this run put into a set are over. */
  expire(original: Run, entries: string[]): Promise<void>
}

export type WakeReason = 'lockFree' | 'handedOn' | 'sweep' | 'decision' | 'settled'

export type Progress =
  | { kind: 'identity'; account: string; principal: string; region: string }
  | { kind: 'state'; run: Run; state: string }
  | { kind: 'closed'; run: Run }
  | { kind: 'warning'; run?: Run; message: string }
  /** This run cannot be carried on as things are, now or later: somebody must look at it. */
  | { kind: 'stuck'; run: Run; message: string; error?: unknown }

/** What handling some findings came to. */
export interface Report {
  /** One entry per run, in the order in which the findings came. */
  runs: Run[]
  ignored: { finding: string; reason: string }[]
}

export type Intent = Run['intent']

export interface Engine {
  /**
   * Plans, rehearses or applies. Findings that are not active are ignored (with `includeSamples`, plan and rehearse
   * take samples); findings without a playbook are ignored with that reason.
   */
  handle(findings: Finding[], intent: Intent, options?: HandleOptions): Promise<Report>
  /**
   * Hands the findings of stored runs in once more, each to the same playbook and target, as they were stored; runs of
   * playbooks that this version does not have are told as ignored.
   */
  again(runs: readonly Run[]): Promise<Report>
  /** Decides a waiting run as the caller and, once decided, carries it to its end. */
  approve(run: string, options: { hash?: string }): Promise<Report>
  decline(run: string, reason: string): Promise<Report>
  /** A run that undoes another, as a run of its own; `holdFor` is an ISO 8601 duration. */
  undo(run: string, options: { holdFor: string }): Promise<Report>
  /** Takes an entry out of all sets in which it is held, whoever holds it: one run per set, as an undo. */
  unblock(entry: string, options: { holdFor: string }): Promise<Report>
  /** Resumes interrupted runs, wakes overdue waits, expires time-boxed blocks. */
  sweep(): Promise<Report>
}

export interface HandleOptions {
  includeSamples?: boolean
  /** Only this playbook, on this resource (id or ARN): `--playbook --resource`. */
  only?: { playbook: string; resource: string }
}

/** A request that cannot be carried out as it stands; the message says what to do next. Exit status 2. */
export class BadRequest extends Error {
  readonly kind: 'usage' | 'policy' | 'input' | 'credentials' | 'endpoint'
  constructor(kind: BadRequest['kind'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'BadRequest'
    this.kind = kind
  }
}

/** The caller may not decide this run (`approvers`), or the decision comes too late. Exit status 3. */
export class Refused extends Error {
  readonly run: Run
  constructor(run: Run, message: string) {
    super(message)
    this.name = 'Refused'
    this.run = run
  }
}
