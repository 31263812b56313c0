import { canonicalJson, type Json, sameJson } from '../../playbook/json.ts'
import type { Difference } from '../../run/rehearsed/twin.ts'

/** So much of a value is told (characters of JSON): a policy document is in the plan itself. */
const MOST_TOLD = 300

/** Where two values are not the same, by path: `before.rules[0].port`. Pure. */
export function differences(expected: unknown, twin: unknown): Difference[] {
  return between(expected, twin, '', (one, other) => [one, other])
}

/** The same of what AWS answers, whose lists have no order: what two of them have in common is no difference. Pure. */
export function unorderedDifferences(expected: unknown, twin: unknown): Difference[] {
  return between(expected, twin, '', withoutCommon)
}

type Lists = [one: readonly unknown[], other: readonly unknown[]]

function between(
  expected: unknown,
  twin: unknown,
  field: string,
  apart: (...lists: Lists) => Lists,
): Difference[] {
  if (isRecord(expected) && isRecord(twin)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(twin)])]
    return keys.flatMap((key) =>
      between(expected[key], twin[key], field === '' ? key : `${field}.${key}`, apart),
    )
  }
  if (Array.isArray(expected) && Array.isArray(twin)) {
    const [one, other] = apart(expected, twin)
    const longer = one.length > other.length ? one : other
    return longer.flatMap((_, at) => between(one[at], other[at], `${field}[${at}]`, apart))
  }
  const [mine, other] = [plain(expected), plain(twin)]
  if (sameJson(mine ?? null, other ?? null) && (mine === undefined) === (other === undefined)) return []
  return [{ field, ...told('expected', mine), ...told('twin', other) }]
}

function withoutCommon(...[one, other]: Lists): Lists {
  const rest = Map.groupBy(other, canonicalJson)
  const mine = one.filter((item) => {
    const same = rest.get(canonicalJson(item)) ?? []
    return same.length === 0 || same.pop() === undefined
  })
  return [mine, [...rest.values()].flat()]
}

/** The same without values, each path once whatever place in a list it has: `DBInstances[].Endpoint.Port`. */
export function fieldsOf(found: readonly Difference[]): string[] {
  return [...new Set(found.map(({ field }) => field.replace(/\[\d+\]/g, '[]')))]
}

function told(side: 'expected' | 'twin', value: Json | undefined): Partial<Difference> {
  if (value === undefined) return {}
  const text = JSON.stringify(value)
  return { [side]: text.length > MOST_TOLD ? `${text.slice(0, MOST_TOLD)}…` : value }
}

/** As JSON has it: a date is its text, and what is undefined is not there. */
function plain(value: unknown): Json | undefined {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
