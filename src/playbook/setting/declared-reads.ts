import type { PlaybookDefinition } from '../playbook.ts'
import type { LookCall } from './looks.ts'

type Declared = Pick<PlaybookDefinition<unknown, unknown>, 'reads' | 'optionalReads' | 'readsOn'>

/**
 * What a playbook declares to read, by what its looks call: on the resource's ARN what names it, else on `*`.
 * @param own what the definition says itself of where it reads, which outranks that
 */
export function declaredReads(
  calls: readonly LookCall[],
  arn: string,
  own: Declared['readsOn'] = {},
): Declared {
  const optional = calls.filter(({ isOptional }) => isOptional).map(({ action }) => action)
  const ofOne = calls.filter((each) => each.ofOne).map(({ action }) => [action, [arn]])
  return {
    reads: [...new Set(calls.map(({ action }) => action))],
    ...(optional.length > 0 && { optionalReads: optional }),
    readsOn: { ...Object.fromEntries(ofOne), ...own },
  }
}
