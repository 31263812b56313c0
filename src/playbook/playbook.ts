import type * as z from 'zod/mini'
import type { Finding } from '../findings/finding.ts'
import type { Gone, Inspection, Look } from './inspection.ts'
import { type Json, sameJson, withoutKeys } from './json.ts'
import type { Matcher } from './matchers.ts'
import type { Cut } from './network/cut.ts'
import { type Impact, type Mode, NO_IMPACT, type Plan } from './plan.ts'
import { type NotApplicable, notApplicable, type PlannedSteps, type PlanResult } from './planned.ts'
import type { Proof, Sent, Settled } from './proof.ts'
import { type Reader, RULE_READ } from './reading-port.ts'
import type { ArnPlace } from './resource/fill-arn.ts'
import { ANY_ID, type IdForm, type ResourceForm } from './resource/resource-form.ts'
import { ownTargets, type Target, targetOf } from './resource/target.ts'
import { madeBy } from './service/made-by.ts'
import type { CommandStep, Step, SubsetStep } from './step.ts'

export * from './inspection.ts'
export { MODES, type Mode } from './plan.ts'
export * from './planned.ts'
export * from './proof.ts'
export { type Reader, RULE_READ } from './reading-port.ts'
export { fillArn } from './resource/fill-arn.ts'
export { ownTargets, type Target, targetOf } from './resource/target.ts'

/** What the policy forbids whatever the playbook thinks. */
export interface Never {
  /** CIDR ranges that are never blocked. */
  addresses: string[]
}

export type StepStatus = 'todo' | 'partly' | 'done' | 'conflict'

/** What a playbook knows of its steps about a set of ids. Pure. */
export interface SubsetKnowledge<S> {
  /** The ids of the step that are still there. */
  remaining(step: SubsetStep, state: S): string[]
  /** The plan as if it had been about these of its ids only, for an undo to take back. */
  part?(plan: Plan, ids: string[]): Plan
}

/** What a playbook knows of what its steps start elsewhere. */
export interface CommandKnowledge<S> {
  /** Has what the step started ended? */
  settle(step: CommandStep, target: Target, sent: Sent, aws: Reader): Promise<Settled>
  /** What the state after the change proves. Default: the plan is empty. Pure. */
  proof?(state: S, plan: Plan, sent: Sent): Proof
}

/**
 * How a playbook is defined: `setting` by values that should be others, `advice` by what a person must do, `playbook` by
 * its steps.
 */
export type Kind = 'playbook' | 'setting' | 'advice'

/** The reasons of a playbook, in plain sentences of Markdown. */
export interface About {
  /** What the finding means, and what may come of it. */
  risk: string
  /** What the change may break in production, and how that is noticed before it is made. */
  breaks: string
}

/** The contract. `P` parameters, `S` state: what a look at the live resource gives (plain JSON). */
export interface Playbook<P = unknown, S = unknown> {
  id: string
  /** How it is defined. */
  kind: Kind
  title: string
  /** Why, for a person: on its page. */
  about?: About
  /** What it does, by names that stay the same when playbooks are split or joined; shown with `--json`. */
  implements: string[]
  /** CloudFormation type name. */
  resource: string
  /** What the ids of its resources look like. */
  ids: IdForm
  /** ARN of the resource with an id: placeholders as in `writes`, `*` for what the id does not tell. */
  arn: string
  /** Other names by which such a resource is reported: types of AWS Config, ARN patterns. */
  alsoNamed?: readonly string[]
  /** Where the resource has a name of its own beside its id: what that is, for a person. `name:` patterns match it. */
  nameOf?: string
  /** Whose tags the rules of the policy are about, for a person (`the security group`); or why there are none to be had. */
  tagsOf: string | { none: string }
  /** Where what it changes is written for CloudFormation: the property of the resource, `DeletionProtection`. */
  property?: string
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
  /**
   * IAM actions on ARN patterns, as in `writes`, that AWS asks of the caller besides those of the steps: its service changes
   * others on his behalf. A step names those of its resource among its permissions.
   */
  writesAlsoNeed?: { action: string; resource: string }[]
  /** Optional reads among `reads`, whose failure is only a warning. */
  optionalReads?: string[]
  /** IAM actions that AWS asks of the caller besides those of the reads: its service looks into others on his behalf. */
  readsAlsoNeed?: string[]
  /**
   * Where the reads are granted whose actions know a resource: ARN patterns per action, as in `writes`. Most `Describe`
   * and `List` actions know none and are granted on `*`; a test holds both against AWS's service authorization reference.
   */
  readsOn?: Record<string, string[]>
  /** The resources to act on, each by a run of its own. Default: all that the finding names and that are of this kind. */
  targets(finding: Finding, parameters: P, aws: Reader, never: Never): Promise<Target[] | NotApplicable>
  /**
   * A target for a resource by its id or ARN; the ARN of the target is always the one of the playbook's own form. Words
   * that name no such resource give a target that is `notUnderstood`.
   */
  named(resource: string, place: ArnPlace): Target
  /** Looks at the live resource. Reads only. */
  inspect(target: Target, parameters: P, aws: Reader, look: Look): Promise<Inspection<S> | Gone>
  /** What would put it right. Pure. */
  plan(state: S, findings: Finding[], parameters: P, target: Target, never: Never): PlanResult
  /** The live state in the shape of the plan's `before` and `after`. Pure. */
  observe(state: S, plan: Plan): Json
  /** Where a step stands. Pure. Default: the observed state equals `before` (todo), `after` (done) or neither. */
  status(step: Step, state: S, plan: Plan): StepStatus
  /** For time-boxed entries: what has the effect of an entry although it is out of its set. A sentence. Pure. */
  coveredBy?(entry: string, state: S): string | undefined
  /**
   * Why what AWS has taken is not in effect yet, which only time tells (it is under way, or waits for a window): a run
   * that has set it, and has waited in vain, ends `unverified` with this. A sentence. Pure.
   */
  pending?(state: S): string | undefined
  /** Who is on the other end of these steps, or of an undo of them. Reads only. */
  impact(
    state: S,
    aws: Reader,
    target: Target,
    planned: Pick<PlannedSteps, 'before' | 'after'>,
    parameters: P,
  ): Promise<Impact>
  /** The network traffic that these steps cut off: a rehearsal asks flow logs about it. Pure. */
  cuts?(state: S, planned: Pick<PlannedSteps, 'before' | 'after'>): Cut[]
  /** Whether two observations are the same but for ids that AWS generates. */
  same(a: Json, b: Json): boolean
  /** For steps of kind `subset`. */
  subset?: SubsetKnowledge<S>
  /** For steps of kind `command`. */
  command?: CommandKnowledge<S>
}

/** A playbook of any kind, as the registry and the engine hold it. */
// biome-ignore lint/suspicious/noExplicitAny: parameters and state are private to the playbook; the engine only passes them on.
export type AnyPlaybook = Playbook<any, any>

type Defaulted = 'kind' | 'ids' | 'arn' | 'targets' | 'named' | 'status' | 'impact' | 'same'

/** What a playbook's author writes: everything with a sensible default may be left out. */
export type PlaybookDefinition<P, S> = Omit<Playbook<P, S>, Defaulted> &
  Partial<Pick<Playbook<P, S>, Defaulted>> & {
    /** Keys in `before` and `after` that AWS generates anew (rule ids). */
    generatedKeys?: string[]
  }

/** Fills the defaults of a playbook. One that answers AWS Config also declares the read of what a rule is. */
export function definePlaybook<P, S>(definition: PlaybookDefinition<P, S>): Playbook<P, S> {
  const { generatedKeys = [], ids = ANY_ID, arn = '{id}', ...given } = definition
  const form: ResourceForm = { resource: given.resource, ids, arn, alsoNamed: given.alsoNamed ?? [] }
  const named: Playbook<P, S>['named'] = (words, place) => targetOf(form, words, place)
  // Fields that no compiler has asked for are told all at once where the file is loaded, and not by an error here.
  const answersConfig =
    Array.isArray(given.reads) &&
    Array.isArray(given.answers) &&
    given.answers.some((each) => each?.source === 'config')
  const same: Playbook<P, S>['same'] =
    given.same ?? ((a, b) => sameJson(withoutKeys(a, generatedKeys), withoutKeys(b, generatedKeys)))
  const observe = definition.observe
  return madeBy('definePlaybook', {
    kind: 'playbook',
    ids,
    arn,
    named,
    same,
    async targets(finding) {
      const own = ownTargets(form, finding)
      return own.length > 0 ? own : notApplicable(`the finding names no ${definition.resource}`)
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
  })
}
