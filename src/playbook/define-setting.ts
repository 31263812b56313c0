import * as z from 'zod/mini'
import { type ApiCall, isRead } from './api.ts'
import { AwsError } from './aws-error.ts'
import { sameJson } from './json.ts'
import type { Looking } from './looks.ts'
import { managedBy } from './managed-by.ts'
import { NO_IMPACT } from './plan.ts'
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
} from './playbook.ts'
import { iamActionOf } from './service.ts'
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
  const { look, tags, otherIds, should, set, unset, unless, effect, ...rest } = definition
  const { values, name, warnings, cautions, parameters = z.strictObject({}), ...common } = rest
  const wanted = (given: P): V => (typeof should === 'function' ? should(given) : should)
  const looks = typeof tags === 'function' ? [look] : [look, tags]
  const schema = parameters as z.ZodMiniType<P>
  const trial = [set('{id}', wanted(schema.parse({}))), ...(unset ? [unset('{id}')] : [])]
  const actions = [...new Set(trial.map((call) => actionOf(call, looks, common.id)))]
  const ofOne = looks.filter((each) => each.ofOne).map(({ action }) => [action, [common.arn]])

  return definePlaybook<P, SettingState<V>>({
    ...common,
    parameters: schema,
    reads: [...new Set(looks.map(({ action }) => action))],
    readsOn: { ...Object.fromEntries(ofOne), ...common.readsOn },
    writes: actions.map((action) => ({ action, resource: common.arn })),

    async targets(finding, _parameters, aws) {
      const own = ownTargets(common, finding).slice(0, 1)
      const [target] = own
      if (!target) return notApplicable(`the finding names no ${common.resource}`)
      if (!otherIds?.like.test(target.id)) return own
      const seen = await look.at(aws, target.id)
      return seen === undefined ? own : [targetOf(common, otherIds.idIn(seen), finding)]
    },

    async inspect({ id }, _parameters, aws, { first }) {
      const [seen, bag] = await Promise.all([
        look.at(aws, id),
        first && typeof tags !== 'function' ? tagsAt(tags.at(aws, id)) : undefined,
      ])
      if (seen === undefined || bag === 'gone') return gone
      const live = bag ?? (typeof tags === 'function' ? tags(seen) : {})
      const called = first ? name?.(seen) : undefined
      const properName = otherIds?.idIn(seen) ?? id
      const why = properName === id ? unless?.(seen) : `"${id}" is another id of ${properName}: name it so`
      const state: SettingState<V> = {
        values: values(seen),
        ...(why !== undefined && { unless: why }),
        warnings: first ? [...(warnings?.(seen) ?? []), ...comesBack(live)] : [],
        cautions: first ? (cautions?.(seen) ?? []) : [],
      }
      return { state, ...(first && { tags: live }), ...(called !== undefined && { name: called }) }
    },

    plan({ values: live, unless: why, warnings, cautions }, _findings, given, target) {
      if (why !== undefined) return notApplicable(why)
      const after = wanted(given)
      if (sameJson(live, after)) return compliant({ reason: `${shown(after)} already` })
      if (live === null && !unset) throw new Unplannable(`${target.id} shows none of ${keysOf(after)}`)
      return {
        kind: 'steps',
        before: live,
        after,
        warnings,
        cautions,
        steps: [
          {
            kind: 'call',
            id: 'set',
            summary: `set ${shown(after)} on ${target.id}`,
            call: set(target.id, after),
            undo: [live === null ? unset!(target.id) : set(target.id, live)],
            permissions: actions.map((action) => ({ action, resource: target.resource })),
          },
        ],
      }
    },

    observe: ({ values: live }) => live,

    impact: async () => ({ ...NO_IMPACT, summary: effect }),
  })
}

/** IAM action of a change. */
function actionOf({ service, operation }: ApiCall, looks: readonly Looking<unknown>[], id: string): string {
  if (isRead(operation)) throw new TypeError(`${id}: ${service}:${operation} only reads, and sets nothing`)
  const own = looks.find((each) => each.service.id === service)
  if (!own) throw new TypeError(`${id}: no look is at ${service}, whose ${operation} is to set something`)
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

const keysOf = (values: Values): string => Object.keys(values).join(', ')

/** `HttpTokens: required` */
function shown(values: Values): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
