import type { ApiCall } from '../../playbook/api.ts'
import { type Json, sameJson } from '../../playbook/json.ts'
import type { Plan } from '../../playbook/plan.ts'
import type { AnyPlaybook } from '../../playbook/playbook.ts'
import type { Difference } from '../../run/rehearsed/twin.ts'
import { differences, fieldsOf, unorderedDifferences } from './differences.ts'
import { keyOf, type RecordedReads } from './recorded-reads.ts'

/** IAM action of a call. */
export type ActionOf = (call: Pick<ApiCall, 'service' | 'operation'>) => string

/** Where a plan for the twin is not that for the resource; permissions, and what the policy made of it, apart. Pure. */
export function planDifferences(real: Plan, twin: Plan): Difference[] {
  const said = ({ steps, before, after, impact, warnings }: Plan) => ({
    steps: steps.map(({ permissions: _, ...step }) => step),
    before,
    after,
    impact,
    warnings,
  })
  return differences(said(real), said(twin))
}

/** Whether it is about what would be changed, and not about who is told of it. */
export function isOfChange({ field }: Difference): boolean {
  return /^(steps|before|after)\b/.test(field)
}

/** Whether just the calls of the plan were sent, in their order; of a change to a set, and of what carries a mark, which calls. */
export function areCallsOf({ steps }: Pick<Plan, 'steps'>, sent: readonly ApiCall[]): boolean {
  return (
    steps.length === sent.length &&
    steps.every(({ kind, call }, at) => {
      const { service, operation, input } = sent[at]!
      const isSame = service === call.service && operation === call.operation
      return isSame && (kind === 'merge' || kind === 'command' || sameJson(input, call.input))
    })
  )
}

/**
 * What of the plan's `before` did not come back; an id that was given anew is no difference. Pure.
 * @param again the same, as it was planned after the undo; undefined where there was no plan then
 * @param isKnown whether an id was there before the undo: in the place of another it is that of another thing
 */
export function notBroughtBack(
  { same }: Pick<AnyPlaybook, 'same'>,
  before: Json,
  again: Json | undefined,
  isKnown: (id: string) => boolean,
): Difference[] {
  if (again !== undefined && same(before, again)) return []
  return unorderedDifferences({ before }, { before: again }).filter((one) => !isGivenAnew(one, isKnown))
}

function isGivenAnew({ expected, twin }: Difference, isKnown: (id: string) => boolean): boolean {
  const kind = (value: Json | undefined) =>
    typeof value === 'string' ? /^([a-z]+)-[0-9a-f]{8,17}$/.exec(value)?.[1] : undefined
  return kind(expected) !== undefined && kind(expected) === kind(twin) && !isKnown(String(twin))
}

/** All ids in these values, at any depth and in any text. Pure. */
export function idsIn(...values: readonly unknown[]): Set<string> {
  return new Set(JSON.stringify(values).match(/[a-z]+-[0-9a-f]{8,17}(?![0-9a-f])/g))
}

/** Whether two looks read the same, whatever they were told. Pure. */
export function areSameReads(one: RecordedReads, other: RecordedReads): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key))
}

/** Fields of what one look read that another one was told otherwise, for the reads that both made. Pure. */
export function otherAnswers(one: RecordedReads, other: RecordedReads, actionOf: ActionOf): string[] {
  const fields = [...one.values()].flatMap((read) => {
    const there = other.get(keyOf(read))
    if (there === undefined) return []
    const action = actionOf(read as unknown as ApiCall)
    return fieldsOf(unorderedDifferences(saidOf(read), saidOf(there))).map((field) => `${action} ${field}`)
  })
  return [...new Set(fields)]
}

/** An answer without what is about the call itself; an error by its code. */
function saidOf({ answer = {}, code }: { answer?: Record<string, unknown>; code?: string }) {
  const { $metadata: _, ...rest } = answer
  return { ...rest, ...(code !== undefined && { code }) }
}
