import * as z from 'zod/mini'
import { type ApiCall, isRead } from '../api.ts'
import { AwsError } from '../aws-error.ts'
import { sameJson } from '../json.ts'
import { managedBy } from '../managed-by.ts'
import { NO_IMPACT } from '../plan.ts'
import {
  compliant,
  definePlaybook,
  gone,
  type LiveTags,
  notApplicable,
  ownTargets,
  type Playbook,
  type Tags,
  targetOf,
  Unplannable,
} from '../playbook.ts'
import { iamActionOf } from '../service/service.ts'
import type { CallStep } from '../step.ts'
import type { Looking } from './looks.ts'
import type { SettingDefinition, SettingState, Values } from './setting.ts'

/**
 * A playbook by which values of a resource become those that they should be. Reads, plan, the values of before for the
 * undo, proof and permissions follow from the definition.
 *
 * @throws TypeError when `set` or `unset` only reads, or calls a service of which no look is
 */
export function defineSetting<S, V extends Values, P = Record<string, never>>(
  definition: SettingDefinition<S, V, P>,
): Playbook<P, SettingState<V>> {
  const { look, otherIds, tags, name, values, should, set, unset, unless, effect, ...others } = definition
  const { warnings, cautions, ...common } = others
  const { id, resource, arn } = definition
  const wanted = (given: P): V => (typeof should === 'function' ? should(given) : should)
  const looks = typeof tags === 'function' ? [look] : [look, tags]
  const parameters = (definition.parameters ?? z.strictObject({})) as z.ZodMiniType<P>
  const trial = [set('{id}', wanted(parameters.parse({}))), ...(unset ? [unset('{id}')] : [])]
  const actions = [...new Set(trial.map((call) => actionOf(call, looks, id)))]
  const ofOne = looks.filter((each) => each.ofOne).map(({ action }) => [action, [arn]])

  return definePlaybook<P, SettingState<V>>({
    ...common,
    parameters,
    reads: [...new Set(looks.map(({ action }) => action))],
    readsOn: { ...Object.fromEntries(ofOne), ...definition.readsOn },
    writes: actions.map((action) => ({ action, resource: arn })),

    async targets(finding, _parameters, aws) {
      const own = ownTargets(definition, finding)
      if (own.length === 0) return notApplicable(`the finding names no ${resource}`)
      const byOwnId = own.map(async (target) => {
        if (!otherIds?.like.test(target.id)) return target
        const seen = await look.at(aws, target.id)
        return seen === undefined ? target : targetOf(definition, otherIds.idIn(seen), finding)
      })
      return [...new Map((await Promise.all(byOwnId)).map((target) => [target.key, target])).values()]
    },

    async inspect(target, _parameters, aws, { first }) {
      const [seen, bag] = await Promise.all([
        look.at(aws, target.id),
        first && typeof tags !== 'function' ? tagsAt(tags.at(aws, target.id)) : undefined,
      ])
      if (seen === undefined || bag === 'gone') return gone
      const state = stateOf(definition, target.id, seen)
      if (!first) return { state }
      const live = bag ?? (typeof tags === 'function' ? tags(seen) : {})
      const called = name?.(seen)
      const told = { ...state, warnings: [...state.warnings, ...comesBack(live)] }
      return { state: told, tags: live, ...(called !== undefined && { name: called }) }
    },

    plan({ values, unless, warnings, cautions }, _findings, given, target) {
      if (unless !== undefined) return notApplicable(unless)
      const after = wanted(given)
      if (sameJson(values, after)) return compliant({ reason: `${shown(after)} already` })
      if (values === null && !unset)
        throw new Unplannable(`AWS does not say ${Object.keys(after).join(', ')} of ${target.id}`)
      const step: CallStep = {
        kind: 'call',
        id: 'set',
        summary: `set ${shown(after)} on ${target.id}`,
        call: set(target.id, after),
        undo: [values === null ? unset!(target.id) : set(target.id, values)],
        permissions: actions.map((action) => ({ action, resource: target.resource })),
      }
      return { kind: 'steps', before: values, after, warnings, cautions, steps: [step] }
    },

    observe: ({ values }) => values,
    impact: async () => ({ ...NO_IMPACT, summary: effect }),
  })
}

function stateOf<S, V extends Values, P>(
  { otherIds, values, unless, warnings, cautions }: SettingDefinition<S, V, P>,
  id: string,
  seen: S,
): SettingState<V> {
  const own = otherIds?.idIn(seen) ?? id
  const why = own === id ? unless?.(seen) : `"${id}" is another id of ${own}: name it so`
  return {
    values: values(seen),
    ...(why !== undefined && { unless: why }),
    warnings: warnings?.(seen) ?? [],
    cautions: cautions?.(seen) ?? [],
  }
}

/** IAM action of a change. */
function actionOf({ service, operation }: ApiCall, looks: readonly Looking<unknown>[], id: string): string {
  const own = looks.find((each) => each.service.id === service)
  if (!own || isRead(operation))
    throw new TypeError(`${id}: ${service}:${operation} sets nothing that its looks could see`)
  return iamActionOf(own.service, operation)
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

/** Who sets the old values again. */
function comesBack(tags: LiveTags): string[] {
  const bag = Array.isArray(tags) || typeof tags.onlyIfAsked === 'boolean' ? {} : (tags as Tags)
  return managedBy(bag).map(
    (owner) => `managed by ${owner}: set it there too, or the old value may come back`,
  )
}

/** `HttpTokens: required` */
function shown(values: Values): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
