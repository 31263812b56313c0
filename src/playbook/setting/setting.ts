import type * as z from 'zod/mini'
import type { Finding } from '../../findings/finding.ts'
import type { ApiCall } from '../api.ts'
import type { InVpc } from '../inspection.ts'
import type { Json } from '../json.ts'
import type { Cut } from '../network/cut.ts'
import type { NotApplicable, PlaybookDefinition, Tags, Target } from '../playbook.ts'
import type { Reader } from '../reading-port.ts'
import type { Asked, LookCall, Looking } from './looks.ts'

export type Values = { [key: string]: Json }

/** Resources of an account of which a rule says only that there are some. */
export interface InAccount {
  calls: readonly LookCall[]
  /** Their ids. */
  wrong: (aws: Reader) => Promise<string[]>
}

/** Of a playbook, what a setting and advice say as every other does. */
export type Common<P> = Pick<
  PlaybookDefinition<P, unknown>,
  | 'id'
  | 'title'
  | 'about'
  | 'implements'
  | 'resource'
  | 'alsoNamed'
  | 'nameOf'
  | 'tagsOf'
  | 'answers'
  | 'ruleParameters'
  | 'readsOn'
  | 'readsAlsoNeed'
> &
  Required<Pick<PlaybookDefinition<P, unknown>, 'ids' | 'arn'>> &
  Partial<Pick<PlaybookDefinition<P, unknown>, 'named'>>

/**
 * Values of a resource that should be others. `S` what a look gives, `V` the values, `P` parameters.
 *
 * Not only switches: a policy document without a statement, a share that ends, ports that are closed are values too,
 * where one call sets them and one call sets the old ones again.
 */
export interface SettingDefinition<S, V extends Values, P>
  extends Common<P>,
    Pick<PlaybookDefinition<P, unknown>, 'property' | 'suggestedMode'> {
  /** Default: it takes none. */
  parameters?: z.ZodMiniType<P>
  look: Looking<S, NoInfer<P>>
  /** Other ids by which detectors name the resource, and the id that a look gives it. */
  otherIds?: { like: RegExp; idIn: (seen: S) => string }
  /**
   * The resources to act on. Default: those of its kind that the finding names. `ofTheAccount` is for what an account
   * has once.
   */
  targets?: PlaybookDefinition<NoInfer<P>, unknown>['targets']
  /** What `targets` asks besides the look. */
  targetsLook?: Looking<unknown>
  /** Where a rule names nothing but the account: how the resources are found that are wrong by their own values. */
  inAccount?: InAccount
  /** In what the look gives, or by a read of their own; left out where `tagsOf` says that there are none. */
  tags?: ((seen: S) => Tags) | Looking<Tags>
  /** The resource's own name, see `nameOf`. */
  name?: (seen: S) => string | undefined
  /** The VPC that it stands in, see `Inspection.vpc`. */
  vpc?: (seen: S) => InVpc | undefined
  /** The live values, as far as they hold by now; null: none are set, which `unset` brings back. */
  values: (seen: S) => V | null
  /**
   * What the values should be; by what a look gave and what detectors said, where they depend on it (what is not
   * understood ends `notApplicable` or throws `Unplannable`). Then `changes` says what `set` and `unset` call. Null:
   * none should be set, which `unset` brings about.
   */
  should:
    | NoInfer<V>
    | ((parameters: P, seen: S, findings: readonly Finding[]) => NoInfer<V> | null | NotApplicable)
  /**
   * Whether AWS has the values, where it gives them back in other words than they were set in (policy documents).
   * Default: the same JSON.
   */
  same?: (a: Json, b: Json) => boolean
  /**
   * Where values are too long to be shown: what is done, in words that `of` and the resource follow; and what is said
   * where nothing is to be done.
   */
  told?: { change: (seen: S, asked: Asked<P>) => string; already: string }
  /** @param from what is set before: where nothing is, some services ask for another call */
  set: (id: string, values: NoInfer<V>, target: Target, from: NoInfer<V> | null) => ApiCall
  /** May name what AWS has called it meanwhile, by `liveNamed`. */
  unset?: (id: string, target: Target) => ApiCall
  /** Keys of the values that AWS makes anew, as the id of what `set` creates: they are shown and never compared. */
  generated?: readonly string[]
  /**
   * IAM actions that `set` and `unset` take, on ARN patterns. Default: those of the calls themselves, on the resource.
   * An action that knows no resource is on `*`.
   */
  changes?: readonly { action: string; resource: string }[]
  /** See `Inspection.untouchable`. */
  untouchable?: (seen: S) => string | undefined
  /** Why it is not for this resource. */
  unless?: (seen: S) => string | undefined
  /**
   * Why the values are not in effect yet although AWS has taken them, and `values` says so (they are under way, or wait
   * for a window): a run that has waited in vain ends `unverified` with this. A sentence.
   */
  pending?: (seen: S) => string | undefined
  /**
   * Why the check of a finding may still fail although the values are right: what it looks at besides, and this playbook
   * does not set. The plan says so, and a run ends `unverified` with it, without waiting. A sentence.
   */
  unproven?: (seen: S, asked: Asked<P>) => string | undefined
  /** What follows for others, in one line. */
  effect: string
  /** @param wanted what the values should be; null: none */
  warnings?: (seen: S, asked: Asked<P>, wanted: NoInfer<V> | null) => string[]
  /** Why a person shall look before it is done: as `Impact.cautions`. */
  cautions?: (seen: S, asked: Asked<P>, wanted: NoInfer<V> | null) => string[]
  /** The network traffic that the change cuts off: as `Playbook.cuts`. */
  cuts?: (seen: S) => Cut[]
  /** Why the values may be seen, or take effect, later than anybody waits for them: `PlannedSteps.late`. */
  late?: string | ((seen: S) => string | undefined)
}

export interface SettingState<V> {
  values: V | null
  /** What they should be, null: not set; absent where `unless` says why not. */
  wanted?: V | null
  /** What is done, where the values do not say it. */
  change?: string
  unless?: string
  pending?: string
  unproven?: string
  late?: string
  cuts?: Cut[]
  warnings: string[]
  cautions: string[]
}
