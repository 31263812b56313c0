import type * as z from 'zod/mini'
import type { Finding } from '../findings/finding.ts'
import type { Input, Output, ReadOperation, Service } from './api.ts'
import { type Json, sameJson, withoutKeys } from './json.ts'
import type { Matcher } from './matchers.ts'
import type { Impact, Plan, Step } from './plan.ts'
import { NO_IMPACT } from './plan.ts'

/** What the policy may let a run do, from least to most. */
export const MODES = ['off', 'notify', 'rehearse', 'approve', 'auto'] as const
export type Mode = (typeof MODES)[number]

/**
 * The reading port. It accepts only operations that read, by type and at run time, and only those that the
 * playbook declares. Reads of many runs that differ only in ids are sent as one call. What AWS services manage is
 * always asked for, although the account may hide it.
 *
 * Errors: `AwsError` with its kind. A failing required read ends the run `failed`.
 */
export interface Reader {
  readonly account: string
  readonly region: string
  readonly partition: string
  /** One answer. */
  read<S extends Service, O extends ReadOperation<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
  /** All items of a list field of the answer, from all pages. */
  list<S extends Service, O extends ReadOperation<S>, F extends keyof Output<S, O> & string>(
    service: S,
    operation: O,
    input: Input<S, O>,
    field: F,
  ): Promise<NonNullable<Output<S, O>[F]> extends (infer I)[] ? I[] : never>
  /**
   * A read whose failure is only a warning: tried twice, its result kept for the process per account, region and
   * input. Undefined when it failed.
   */
  optional<S extends Service, O extends ReadOperation<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O> | undefined>
}

/** A resource that a playbook acts on for a finding. */
export interface Target {
  /** ARN: what is locked, planned and shown. */
  resource: string
  /** What a person calls it: `sg-0abc`, `snap-0abc`; policy rules match it as well as the ARN. */
  id: string
  /** Identifies the run together with the playbook; default the ARN. */
  key: string
  /** What `inspect` needs besides (a set's id ...). Plain JSON, stored with the run. */
  data?: Json
}

export type Tags = Record<string, string>

/** What a look at the live resource gave. */
export interface Inspection<S> {
  state: S
  /** Live tags; absent when this look did not read them, `unreadable` with the reason when it could not. */
  tags?: Tags | { unreadable: string }
}

export interface NotApplicable {
  kind: 'notApplicable'
  reason: string
  /** All that is known to be done is done, though the finding may mean more: what a change led to is proven by it. */
  nothingKnownIsLeft?: true
}
export interface Gone {
  kind: 'gone'
}
export interface Compliant {
  kind: 'compliant'
  reason?: string
  /** Time-boxed entries that are already there: if they are ours, this run holds them too. */
  holds?: { entries: string[]; expiresAfter: string }
}
export interface PlannedSteps {
  kind: 'steps'
  steps: Step[]
  before: Json
  after: Json
  warnings?: string[]
  /** Why a person shall look before it is done: as `Impact.cautions`. */
  cautions?: string[]
  /** Wanted time-boxed entries that are already there, beside those the steps add: as in `Compliant`. */
  holds?: { entries: string[]; expiresAfter: string }
}

export const gone: Gone = { kind: 'gone' }
export const notApplicable = (reason: string): NotApplicable => ({ kind: 'notApplicable', reason })
export const compliant = (more: Omit<Compliant, 'kind'> = {}): Compliant => ({ kind: 'compliant', ...more })

export function isGoneLook(value: object): value is Gone {
  return 'kind' in value && value.kind === 'gone'
}
export function isNotApplicable(value: object): value is NotApplicable {
  return 'kind' in value && value.kind === 'notApplicable'
}

/** The live state is of a shape that the playbook does not understand: the run ends `failed`, nothing is guessed. */
export class Unplannable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'Unplannable'
  }
}

/** What a look is for. */
export interface Look {
  /** The first look of a phase reads names, tags and all that decides; a later one only what changed. */
  first: boolean
  /** All findings that the run answers. */
  findings: Finding[]
}

/** What the policy forbids whatever the playbook thinks. */
export interface Never {
  /** CIDR ranges that are never blocked. */
  addresses: string[]
}

export type StepStatus = 'todo' | 'partly' | 'done' | 'conflict'

/** What has been seen since a step was sent: facts for `settle` and `proof`. */
export interface Sent {
  /** ISO 8601 UTC: when the first change of the run was sent. */
  at: string
  /** Per step id what the call answered (`CommandId` ...). */
  details: Record<string, Json>
  /** Per step id how what it started ended, where that was not well. */
  faults?: Record<string, string>
}

/** How a change that was seen live did not come out as planned. */
export type Unproven = { kind: 'unverified'; reason: string } | { kind: 'failed'; reason: string }

/** How a change that AWS reports elsewhere stands; `otherwise`: what it comes to if nothing else is seen in time. */
export type Proof = { kind: 'proven' } | { kind: 'notYet'; otherwise?: Unproven } | Unproven

/**
 * How something that a step started stands. A `fault` is what it said of itself when it ended badly: what that means
 * is for the proof to say, because the live resource outranks it.
 */
export type Settled = { kind: 'running' } | { kind: 'ended'; fault?: string }

/** The contract. `P` parameters, `S` state: what a look at the live resource gives (plain JSON). */
export interface Playbook<P = unknown, S = unknown> {
  id: string
  title: string
  /** What it does, by names that stay the same when playbooks are split or joined; shown with `--json`. */
  implements: string[]
  /** CloudFormation type name. */
  resource: string
  answers: Matcher[]
  /** Config rules, by SourceIdentifier, whose parameters say what is wrong: read before `targets`, as evidence. */
  ruleParameters?: string[]
  /** Schema with a default for every parameter; strict. */
  parameters: z.ZodMiniType<P>
  /** What `rectify init` proposes for the day when the rehearsals have convinced you. */
  suggestedMode: Mode
  /** IAM actions that its looks call. */
  reads: string[]
  /** IAM actions that its steps call, undo included, on ARN patterns with {partition} {region} {account} {id}. */
  writes: { action: string; resource: string }[]
  /** Optional reads among `reads`, whose failure is only a warning. */
  optionalReads?: string[]
  /** IAM actions that AWS asks of the caller besides those of the reads: its service looks into others on his behalf. */
  readsAlsoNeed?: string[]
  /**
   * Where the reads are granted whose actions know a resource: ARN patterns per action, as in `writes`. Most `Describe`
   * and `List` actions know none and are granted on `*`; a test holds both against AWS's service authorization reference.
   */
  readsOn?: Record<string, string[]>
  /** The resources to act on. Default: the finding's own resource whose id is of the form of `ids`, else of the type. */
  targets(finding: Finding, parameters: P, aws: Reader, never: Never): Promise<Target[] | NotApplicable>
  /** What the ids of its resources look like. */
  ids: RegExp
  /** A target for a resource by its id or ARN; the ARN of the target is always the one of the playbook's own form. */
  named(resource: string, aws: Pick<Reader, 'account' | 'region' | 'partition'>): Target
  /** Looks at the live resource. Reads only. */
  inspect(target: Target, parameters: P, aws: Reader, look: Look): Promise<Inspection<S> | Gone>
  /** What would put it right. Pure. */
  plan(
    state: S,
    findings: Finding[],
    parameters: P,
    target: Target,
    never: Never,
  ): PlannedSteps | Compliant | NotApplicable
  /** The live state in the shape of the plan's `before` and `after`. Pure. */
  observe(state: S, plan: Plan): Json
  /** Where a step stands. Pure. Default: the observed state equals `before` (todo), `after` (done) or neither. */
  status(step: Step, state: S, plan: Plan): StepStatus
  /** For subset steps: the ids of the step that are still there. Pure. */
  remaining?(step: Step, state: S): string[]
  /** For subset steps: the plan as if it had been about these of its ids only, for an undo to take back. Pure. */
  part?(plan: Plan, ids: string[]): Plan
  /** Who is on the other end of these steps, or of an undo of them. Reads only. */
  impact(
    state: S,
    aws: Reader,
    target: Target,
    planned: Pick<PlannedSteps, 'before' | 'after'>,
    parameters: P,
  ): Promise<Impact>
  /** Whether two observations are the same but for ids that AWS generates. */
  same(a: Json, b: Json): boolean
  /** For changes that AWS reports elsewhere: has what the step started ended? */
  settle?(step: Step, target: Target, sent: Sent, aws: Reader): Promise<Settled>
  /** For changes that AWS reports elsewhere: what the state after the change proves. Default: the plan is empty. */
  proof?(state: S, plan: Plan, sent: Sent): Proof
}

/** A playbook of any kind, as the registry and the engine hold it. */
// biome-ignore lint/suspicious/noExplicitAny: parameters and state are private to the playbook; the engine only passes them on.
export type AnyPlaybook = Playbook<any, any>

type Defaulted = 'ids' | 'targets' | 'named' | 'status' | 'impact' | 'same'

/** What a playbook's author writes: everything with a sensible default may be left out. */
export type PlaybookDefinition<P, S> = Omit<Playbook<P, S>, Defaulted> &
  Partial<Pick<Playbook<P, S>, Defaulted>> & {
    /** ARN of the resource with this id, for the default `targets` and `named`: placeholders as in `writes`. */
    arn?: string
    /** Keys in `before` and `after` that AWS generates anew (rule ids). */
    generatedKeys?: string[]
  }

/** The id of a resource that is named by it or by an ARN. */
export function idOf(resource: string): string {
  return resource.startsWith('arn:') ? resource.slice(resource.search(/[^/:]*$/)) : resource
}

/** What AWS Config is asked about the rule of a finding, for whichever playbook may answer it. */
export const RULE_READ = 'config:DescribeConfigRules'

/** Fills the defaults of a playbook. One that answers AWS Config also declares the read of what a rule is. */
export function definePlaybook<P, S>(definition: PlaybookDefinition<P, S>): Playbook<P, S> {
  const { arn, generatedKeys = [], ...given } = definition
  const answersConfig = given.answers.some(({ source }) => source === 'config')
  const named: Playbook<P, S>['named'] = (resource, place) => {
    const id = idOf(resource)
    const full = fillArn(arn ?? '{id}', { ...place, id })
    return { resource: full, id, key: full }
  }
  const same: Playbook<P, S>['same'] = (a, b) =>
    sameJson(withoutKeys(a, generatedKeys), withoutKeys(b, generatedKeys))
  const observe = definition.observe
  return {
    ids: /^\S+$/,
    named,
    same,
    async targets(finding, _parameters, aws) {
      // An id of the playbook's own form says more than the type that a detector puts beside it.
      const own = finding.resources.find(({ type, id }) =>
        definition.ids ? definition.ids.test(idOf(id)) : type === definition.resource,
      )
      if (!own) return notApplicable(`the finding names no ${definition.resource}`)
      return [
        named(own.arn ?? own.id, {
          account: finding.account,
          region: finding.region,
          partition: aws.partition,
        }),
      ]
    },
    status(_step, state, plan) {
      const now = observe(state, plan)
      if (same(now, plan.after)) return 'done'
      return same(now, plan.before) ? 'todo' : 'conflict'
    },
    async impact() {
      return NO_IMPACT
    },
    ...given,
    ...(answersConfig && {
      reads: [...given.reads, RULE_READ],
      optionalReads: [...(given.optionalReads ?? []), RULE_READ],
    }),
  }
}

/** Fills {partition} {region} {account} {id} in an ARN pattern. */
export function fillArn(
  pattern: string,
  place: { partition: string; region: string; account: string; id?: string },
): string {
  return pattern
    .replaceAll('{partition}', place.partition)
    .replaceAll('{region}', place.region)
    .replaceAll('{account}', place.account)
    .replaceAll('{id}', place.id ?? '*')
}
