import * as z from 'zod/mini'
import { isRead } from '../api.ts'
import { AwsError } from '../aws-error.ts'
import { sameJson } from '../json.ts'
import { wildcard } from '../matchers.ts'
import { NO_IMPACT } from '../plan.ts'
import {
  compliant,
  definePlaybook,
  type Gone,
  gone,
  type Inspection,
  isNotApplicable,
  type LiveTags,
  notApplicable,
  type Playbook,
  type Reader,
  type Tags,
  Unplannable,
} from '../playbook.ts'
import { ownTargets, type Target, targetOf } from '../resource/target.ts'
import { iamActionOf } from '../service/service.ts'
import type { CallStep } from '../step.ts'
import type { LookCall } from './looks.ts'
import type { Asked, SettingDefinition, SettingState, Values } from './setting.ts'

/**
 * A playbook by which values of a resource become those that they should be. Reads, plan, the values of before for the
 * undo, proof and permissions follow from the definition.
 *
 * @throws TypeError when `set` or `unset` only reads, or calls a service of which no look is; and where what they call
 * cannot be told without a look and `changes` does not say it
 */
export function defineSetting<S, V extends Values, P = Record<string, never>>(
  definition: SettingDefinition<S, V, P>,
): Playbook<P, SettingState<V>> {
  const { look, otherIds, targets, tags, name, values, should, set, unset, changes, unless, ...rest } =
    definition
  const { pending, targetsLook, effect, warnings, cautions, told, ...common } = rest
  const { resource, same = sameJson } = definition
  const put = (values: V | null, target: Target, from: V | null) =>
    values === null ? unset!(target.id, target) : set(target.id, values, target, from)
  const parameters = (definition.parameters ?? z.strictObject({})) as z.ZodMiniType<P>
  const looks = [look, ...(typeof tags === 'object' ? [tags] : []), ...(targetsLook ? [targetsLook] : [])]
  const calls = looks.flatMap((each) => each.calls)
  const writes = changes ?? ownChanges(definition, parameters, calls)
  const optional = calls.filter(({ isOptional }) => isOptional).map(({ action }) => action)
  const ofOne = calls.filter((each) => each.ofOne).map(({ action }) => [action, [definition.arn]])

  return definePlaybook<P, SettingState<V>>({
    ...common,
    kind: 'setting',
    parameters,
    reads: [...new Set(calls.map(({ action }) => action))],
    ...(optional.length > 0 && { optionalReads: optional }),
    readsOn: { ...Object.fromEntries(ofOne), ...definition.readsOn },
    writes: [...writes],

    targets:
      targets ??
      (async (finding, _parameters, aws) => {
        const own = ownTargets(definition, finding)
        if (own.length === 0) return notApplicable(`the finding names no ${resource}`)
        const byOwnId = own.map(async (target) => {
          if (!otherIds?.like.test(target.id)) return target
          const seen = await look.at(aws, target)
          return seen === undefined ? target : targetOf(definition, otherIds.idIn(seen), finding)
        })
        return [...new Map((await Promise.all(byOwnId)).map((target) => [target.key, target])).values()]
      }),

    inspect: (target, given, aws, { first, findings }) =>
      inspect(definition, { target, aws, first, asked: { parameters: given, findings } }),

    plan({ values, wanted, unless, pending, warnings, cautions, change }, _findings, _given, target) {
      if (wanted === undefined || unless !== undefined)
        return notApplicable(unless ?? 'nothing says how it should be')
      if (same(values, wanted)) {
        const reason = told?.already ?? `${shown(wanted)} already`
        return compliant({ reason, ...(pending && { unproven: pending }) })
      }
      if (values === null && !unset)
        throw new Unplannable(`AWS does not say ${Object.keys(wanted!).join(', ')} of ${target.id}`)
      if (wanted === null && !unset)
        throw new Unplannable(`${target.id} cannot be left without ${Object.keys(values!).join(', ')}`)
      const step: CallStep = {
        kind: 'call',
        id: 'set',
        summary: `${change === undefined ? `set ${shown(wanted)} on` : `${change} of`} ${target.id}`,
        call: put(wanted, target, values),
        undo: [put(values, target, wanted)],
        permissions: writes.map(({ action, resource }) => ({
          action,
          resource: narrowed(resource, target),
        })),
      }
      return { kind: 'steps', before: values, after: wanted, warnings, cautions, steps: [step] }
    },

    observe: ({ values }) => values,
    impact: async () => ({ ...NO_IMPACT, summary: effect }),
  })
}

/** What `set` and `unset` call, by trying them: on a resource that nobody has looked at. */
function ownChanges<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  parameters: z.ZodMiniType<P>,
  calls: readonly LookCall[],
): { action: string; resource: string }[] {
  const { id, arn, should, set, unset } = definition
  const target: Target = { id: '{id}', resource: arn, key: arn }
  const trial = () => {
    const wanted = typeof should === 'function' ? should(parameters.parse({}), {} as S, []) : should
    return wanted === null || isNotApplicable(wanted)
      ? []
      : [set('{id}', wanted as V, target, null), ...(unset ? [unset('{id}', target)] : [])]
  }
  const actions = trial().map(({ service, operation }) => {
    const own = calls.find((each) => each.service.id === service)
    if (!own || isRead(operation))
      throw new TypeError(`${id}: ${service}:${operation} sets nothing that its looks could see`)
    return iamActionOf(own.service, operation)
  })
  if (actions.length === 0) throw new TypeError(`${id}: say in \`changes\` what set and unset call`)
  return [...new Set(actions)].map((action) => ({ action, resource: arn }))
}

interface Looked<P> {
  target: Target
  asked: Asked<P>
  aws: Reader
  first: boolean
}

async function inspect<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  { target, asked, aws, first }: Looked<P>,
): Promise<Inspection<SettingState<V>> | Gone> {
  const { look, tags, tagsOf, name } = definition
  const [seen, bag] = await Promise.all([
    look.at(aws, target),
    first && typeof tags === 'object' ? tagsAt(tags.at(aws, target)) : undefined,
  ])
  if (seen === undefined || bag === 'gone') return gone
  const state = stateOf(definition, target.id, seen, asked)
  if (!first) return { state }
  const none: LiveTags | undefined =
    typeof tagsOf === 'string' ? undefined : { unreadable: tagsOf.none, onlyIfAsked: true }
  const live = bag ?? none ?? (typeof tags === 'function' ? tags(seen) : {})
  const called = name?.(seen)
  return { state, tags: live, ...(called !== undefined && { name: called }) }
}

function stateOf<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  id: string,
  seen: S,
  asked: Asked<P>,
): SettingState<V> {
  const { otherIds, values, should, unless, pending, warnings, cautions, told } = definition
  const own = otherIds?.idIn(seen) ?? id
  const why = own === id ? unless?.(seen) : `"${id}" is another id of ${own}: name it so`
  // What is not for the playbook is not asked how it should be.
  const wanted = why === undefined ? wantedOf(should, seen, asked) : undefined
  const isOutside = wanted !== undefined && wanted !== null && isNotApplicable(wanted)
  const reason = isOutside ? wanted.reason : why
  const waits = pending?.(seen)
  return {
    values: values(seen),
    ...(wanted !== undefined && !isOutside && { wanted: wanted as V | null }),
    ...(reason === undefined && told && { change: told.change(seen, asked) }),
    ...(reason !== undefined && { unless: reason }),
    ...(waits !== undefined && { pending: waits }),
    warnings: warnings?.(seen) ?? [],
    cautions: reason === undefined ? (cautions?.(seen, asked) ?? []) : [],
  }
}

function wantedOf<S, V extends Values, P>(
  should: SettingDefinition<S, V, P>['should'],
  seen: S,
  { parameters, findings }: Asked<P>,
) {
  return typeof should === 'function' ? should(parameters, seen, findings) : should
}

/** Tags by a read of their own; an error is an answer: they are unreadable, and the policy cannot decide. */
async function tagsAt(reading: Promise<Tags | undefined>): Promise<LiveTags | 'gone'> {
  try {
    return (await reading) ?? 'gone'
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return { unreadable: error.message, onlyIfAsked: false }
  }
}

/** Of a pattern that the resource fits the resource alone; the engine fills what another has of places. */
function narrowed(pattern: string, { resource }: Target): string {
  const isIts = pattern !== '*' && wildcard(pattern.replaceAll(/\{\w+\}/g, '*'), resource)
  return isIts ? resource : pattern
}

/** `HttpTokens: required`; a long value, as a policy document is, by its length. */
function shown(values: Values | null): string {
  if (values === null) return 'nothing'
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${short(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(', ')
}

/** What still is one line for a person (characters). */
const MOST_SHOWN = 200

const short = (text: string): string =>
  text.length <= MOST_SHOWN ? text : `(${text.length} characters, see the plan)`
