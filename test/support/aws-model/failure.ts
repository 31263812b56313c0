import { isDate } from 'node:util/types'
import { services } from '../../../playbooks/index.ts'
import { kindOf } from '../../../src/aws/error-codes.ts'
import { AwsError } from '../../../src/playbook/aws-error.ts'

export type Fields = Record<string, unknown>

/** One operation of the model: from the input and the region to the answer, with its effect on the model's state. */
export type Handlers = Record<string, (input: Fields, region: string) => Fields>

/** The error that the real adapter would name for this code. */
export function failure(action: string, code: string, message = code): AwsError {
  const prefix = action.split(':')[0]
  const own = services.find(({ id, iamPrefix = id }) => iamPrefix === prefix)?.errors
  return new AwsError({ kind: kindOf(code, action, 400, own), code, action, requestId: 'req-model' }, message)
}

export function listOf<T = Fields>(value: unknown): T[] {
  return Array.isArray(value) ? (value as T[]) : []
}

/** The values of the filters of an input; a filter that the model does not know is an error, never ignored. */
export function filterValues(
  action: string,
  input: Fields,
  known: readonly string[],
  key = 'Name',
): Map<string, string[]> {
  const filters = listOf(input.Filters).map(
    (filter) => [String(filter[key]), listOf<string>(filter.Values)] as const,
  )
  const strange = filters.find(([name]) => !known.includes(name))
  if (strange)
    throw failure(action, 'InvalidParameterValue', `the model of AWS does not know the filter ${strange[0]}`)
  return new Map(filters)
}

/** One page of a list, by an offset as token. */
export function page(
  items: unknown[],
  input: Fields,
  names: { items: string; size: 'MaxResults' | 'Limit'; token: 'NextToken' | 'NextMarker' },
): Fields {
  const start = Number(input[names.token] ?? 0)
  const end = start + Number(input[names.size] ?? Number.POSITIVE_INFINITY)
  const answer: Fields = { [names.items]: structuredClone(items.slice(start, end)) }
  return end < items.length ? { ...answer, [names.token]: String(end) } : answer
}

/** A list with nothing in it is left out of the answer at any depth, as EC2 does: `SecurityGroupRules` is no key then. */
export function withoutEmptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyLists)
  if (typeof value !== 'object' || value === null || isDate(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0))
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutEmptyLists(inner)]))
}

/** The answer with all its lists left out, as if there were nothing to list. */
export function withoutLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isDate(value)) return value
  const kept = Object.entries(value).filter(([, inner]) => !Array.isArray(inner))
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutLists(inner)]))
}
