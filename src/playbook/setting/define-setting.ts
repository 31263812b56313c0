import * as z from 'zod/mini'
import type { Finding } from '../../findings/finding.ts'
import { isRead } from '../api.ts'
import { type Json, sameJson, withoutKeys } from '../json.ts'
import { wildcard } from '../matchers.ts'
import { NO_IMPACT } from '../plan.ts'
import {
  compliant,
  definePlaybook,
  type Gone,
  gone,
  type Inspection,
  isNotApplicable,
  type NotApplicable,
  notApplicable,
  type Playbook,
  type Reader,
  Unplannable,
} from '../playbook.ts'
import { ownTargets, type Target, targetOf } from '../resource/target.ts'
import { iamActionOf } from '../service/service.ts'
import type { CallStep } from '../step.ts'
import { declaredReads } from './declared-reads.ts'
import type { Asked, LookCall } from './looks.ts'
import { tagsAt, tagsSeen } from './read-tags.ts'
import type { SettingDefinition, SettingState, Values } from './setting.ts'
import { shown } from './shown.ts'

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
  const { look, otherIds, targets, tags, name, vpc, values, should, set, unset, changes, unless, ...rest } =
    definition
  const {
    untouchable,
    pending,
    unproven,
    effect,
    warnings,
    cautions,
    late,
    cuts,
    inAccount,
    told,
    targetsLook,
    generated = [],
    ...common
  } = rest
  const parameters = (definition.parameters ?? z.strictObject({})) as z.ZodMiniType<P>
  const looks = [look, ...(typeof tags === 'object' ? [tags] : []), ...(targetsLook ? [targetsLook] : [])]
  const calls = [...looks.flatMap((each) => each.calls), ...(inAccount?.calls ?? [])]
  const writes = changes ?? ownChanges(definition, parameters, calls)
  const same = (a: Json, b: Json) =>
    (definition.same ?? sameJson)(withoutKeys(a, generated), withoutKeys(b, generated))
  const put = putting(definition)

  return definePlaybook<P, SettingState<V>>({
    ...common,
    kind: 'setting',
    parameters,
    same,
    ...declaredReads(calls, definition.arn, definition.readsOn),
    writes: [...writes],
    targets: targets ?? ((finding, _parameters, aws) => ownOrInAccount(definition, finding, aws)),
    inspect: (target, given, aws, look) => inspect(definition, target, aws, { ...look, parameters: given }),

    plan({ values, wanted, unless, pending, unproven, ...words }, _findings, _given, target) {
      if (wanted === undefined || unless !== undefined)
        return notApplicable(unless ?? 'nothing says how it should be')
      if (same(values, wanted)) {
        const reason = told?.already ?? `${shown(wanted)} already`
        const doubt = pending ?? unproven
        return compliant({ reason, ...(doubt && { unproven: doubt }) })
      }
      if (values === null && !unset)
        throw new Unplannable(`AWS does not say ${Object.keys(wanted!).join(', ')} of ${target.id}`)
      if (wanted === null && !unset)
        throw new Unplannable(`${target.id} cannot be left without ${Object.keys(values!).join(', ')}`)
      const step: CallStep = {
        kind: 'call',
        id: 'set',
        summary: `${words.change === undefined ? `set ${shown(wanted)} on` : `${words.change} of`} ${target.id}`,
        call: put(wanted, values, target),
        undo: [put(values, wanted, target)],
        permissions: writes.map(({ action, resource }) => ({ action, resource: narrowed(resource, target) })),
      }
      const { warnings, cautions, late } = words
      const doubts = { ...(unproven && { unproven }), ...(late !== undefined && { late }) }
      return { kind: 'steps', before: values, after: wanted, warnings, cautions, steps: [step], ...doubts }
    },

    observe: ({ values }) => values,
    pending: ({ pending }) => pending,
    ...(cuts && { cuts: (state) => state.cuts ?? [] }),
    impact: async () => ({ ...NO_IMPACT, summary: effect }),
  })
}

/** The call by which one set of values follows another; null: none. */
function putting<S, V extends Values, P>({ set, unset }: SettingDefinition<S, V, P>) {
  return (to: V | null, from: V | null, target: Target) =>
    to === null ? unset!(target.id, target) : set(target.id, to, target, from)
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

/** Those that the finding names, by the ids that the API knows; where it names only the account, those that are wrong. */
async function ownOrInAccount<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  finding: Finding,
  aws: Reader,
): Promise<Target[] | NotApplicable> {
  const { resource, inAccount, otherIds, look } = definition
  // First: the account's number would pass for the name of a resource.
  if (inAccount && finding.resources.some(({ id }) => id === finding.account))
    return (await inAccount.wrong(aws)).map((id) => targetOf(definition, id, finding))
  const own = ownTargets(definition, finding)
  if (own.length === 0) return notApplicable(`the finding names no ${resource}`)
  const byOwnId = own.map(async (target) => {
    if (!otherIds?.like.test(target.id)) return target
    const seen = await look.at(aws, target)
    return seen === undefined ? target : targetOf(definition, otherIds.idIn(seen), finding)
  })
  return [...new Map((await Promise.all(byOwnId)).map((target) => [target.key, target])).values()]
}

async function inspect<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  target: Target,
  aws: Reader,
  asked: Asked<P>,
): Promise<Inspection<SettingState<V>> | Gone> {
  const { look, tags, tagsOf, name, vpc, untouchable } = definition
  const [seen, bag] = await Promise.all([
    look.at(aws, target, asked),
    asked.first && typeof tags === 'object' ? tagsAt(tags.at(aws, target)) : undefined,
  ])
  if (seen === undefined || bag === 'gone') return gone
  const state = stateOf(definition, target.id, seen, asked)
  if (!asked.first) return { state }
  const live = bag ?? tagsSeen(tagsOf, typeof tags === 'function' ? tags(seen) : undefined)
  const called = name?.(seen)
  const inVpc = vpc?.(seen)
  const what = untouchable?.(seen)
  return {
    state,
    tags: live,
    ...(called !== undefined && { name: called }),
    ...(inVpc !== undefined && { vpc: inVpc }),
    ...(what !== undefined && { untouchable: what }),
  }
}

function stateOf<S, V extends Values, P>(
  definition: SettingDefinition<S, V, P>,
  id: string,
  seen: S,
  asked: Asked<P>,
): SettingState<V> {
  const { otherIds, values, should, unless, pending, warnings, cautions, told, late } = definition
  const own = otherIds?.idIn(seen) ?? id
  const why = own === id ? unless?.(seen) : `"${id}" is another id of ${own}: name it so`
  const asIs =
    typeof should === 'function' ? () => should(asked.parameters, seen, asked.findings) : () => should
  // What is not for the playbook is not asked how it should be.
  const said = why === undefined ? asIs() : undefined
  const isOutside = said !== undefined && said !== null && isNotApplicable(said)
  const reason = isOutside ? said.reason : why
  const waits = pending?.(seen)
  const doubt = definition.unproven?.(seen, asked)
  const later = typeof late === 'function' ? late(seen) : late
  const known = {
    values: values(seen),
    ...(waits !== undefined && { pending: waits }),
    ...(doubt !== undefined && { unproven: doubt }),
    ...(later !== undefined && { late: later }),
    ...(definition.cuts && asked.first && { cuts: definition.cuts(seen) }),
  }
  if (reason !== undefined) return { ...known, unless: reason, warnings: [], cautions: [] }
  const wanted = said as V | null
  return {
    ...known,
    wanted,
    ...(told && { change: told.change(seen, asked) }),
    warnings: warnings?.(seen, asked, wanted) ?? [],
    cautions: cautions?.(seen, asked, wanted) ?? [],
  }
}

/** Of a pattern that the resource fits the resource alone; the engine fills what another has of places. */
function narrowed(pattern: string, { resource }: Target): string {
  const isIts = pattern !== '*' && wildcard(pattern.replaceAll(/\{\w+\}/g, '*'), resource)
  return isIts ? resource : pattern
}
