import type * as z from 'zod/mini'
import type { ApiCall } from '../api.ts'
import type { Json } from '../json.ts'
import type { PlaybookDefinition, Tags } from '../playbook.ts'
import type { Looking } from './looks.ts'

export type Values = { [key: string]: Json }

/** Of a playbook, what a setting says as every other does. */
type Common<P> = Pick<
  PlaybookDefinition<P, unknown>,
  | 'id'
  | 'title'
  | 'implements'
  | 'resource'
  | 'alsoNamed'
  | 'nameOf'
  | 'answers'
  | 'ruleParameters'
  | 'suggestedMode'
  | 'readsOn'
  | 'readsAlsoNeed'
> &
  Required<Pick<PlaybookDefinition<P, unknown>, 'ids' | 'arn'>> & { tagsOf: string }

/** Values of a resource that should be others. `S` what a look gives, `V` the values, `P` parameters. */
export interface SettingDefinition<S, V extends Values, P> extends Common<P> {
  /** Default: it takes none. */
  parameters?: z.ZodMiniType<P>
  look: Looking<S>
  /** Other ids by which detectors name the resource, and the id that a look gives it. */
  otherIds?: { like: RegExp; idIn: (seen: S) => string }
  /** In what the look gives, or by a read of their own. */
  tags: ((seen: S) => Tags) | Looking<Tags>
  /** The resource's own name, see `nameOf`. */
  name?: (seen: S) => string | undefined
  /** The live values, as far as they hold by now; null: none are set, which `unset` brings back. */
  values: (seen: S) => V | null
  should: NoInfer<V> | ((parameters: P) => NoInfer<V>)
  set: (id: string, values: NoInfer<V>) => ApiCall
  unset?: (id: string) => ApiCall
  /** Why it is not for this resource. */
  unless?: (seen: S) => string | undefined
  /** What follows for others, in one line. */
  effect: string
  warnings?: (seen: S) => string[]
  /** Why a person shall look before it is done: as `Impact.cautions`. */
  cautions?: (seen: S) => string[]
}

export interface SettingState<V> {
  values: V | null
  unless?: string
  warnings: string[]
  cautions: string[]
}
