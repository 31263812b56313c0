import { type Json, sameJson } from '../../playbook/json.ts'
import type { Difference } from '../../run/rehearsed/twin.ts'

/** So much of a value is told (characters of JSON): a policy document is in the plan itself. */
const MOST_TOLD = 300

/** Where two values are not the same, by path: `before.rules[0].port`. Pure. */
export function differences(expected: unknown, twin: unknown, field = ''): Difference[] {
  if (isRecord(expected) && isRecord(twin)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(twin)])]
    return keys.flatMap((key) =>
      differences(expected[key], twin[key], field === '' ? key : `${field}.${key}`),
    )
  }
  if (Array.isArray(expected) && Array.isArray(twin)) {
    const longer = expected.length > twin.length ? expected : twin
    return longer.flatMap((_, at) => differences(expected[at], twin[at], `${field}[${at}]`))
  }
  const [mine, other] = [plain(expected), plain(twin)]
  if (sameJson(mine ?? null, other ?? null) && (mine === undefined) === (other === undefined)) return []
  return [{ field, ...told('expected', mine), ...told('twin', other) }]
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
