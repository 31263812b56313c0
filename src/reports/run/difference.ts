import { type Json, sameJson } from '../../playbook/json.ts'
import { visible } from '../paint.ts'

/** One line of a change: what goes (`-`) or what comes (`+`). */
export interface DifferenceLine {
  sign: '-' | '+'
  text: string
}

/**
 * What lies between the `before` and the `after` of a plan, for any playbook: a list loses and gains whole items,
 * an object is compared key by key. What is the same on both sides is left out, and so is what only `before` names:
 * it decided the plan, but no step changes it.
 */
export function difference(before: Json, after: Json, label = ''): DifferenceLine[] {
  if (sameJson(before, after)) return []
  if (Array.isArray(before) || Array.isArray(after)) return listDifference(items(before), items(after), label)
  if (isObject(before) && isObject(after)) {
    return Object.entries(after).flatMap(([key, value]) =>
      difference(before[key] ?? null, value, label ? `${label}.${visible(key)}` : visible(key)),
    )
  }
  return [...side('-', before, label), ...side('+', after, label)]
}

function listDifference(before: Json[], after: Json[], label: string): DifferenceLine[] {
  const missingIn = (list: Json[], item: Json) => !list.some((other) => sameJson(item, other))
  return [
    ...before.filter((item) => missingIn(after, item)).flatMap((item) => side('-', item, label)),
    ...after.filter((item) => missingIn(before, item)).flatMap((item) => side('+', item, label)),
  ]
}

function side(sign: '-' | '+', value: Json, label: string): DifferenceLine[] {
  if (value === null) return []
  return [{ sign, text: [label && `${label}:`, valueText(value)].filter(Boolean).join(' ') }]
}

/** A value on one line, without JSON's punctuation: `protocol tcp, port 22, source 0.0.0.0/0`. */
export function valueText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (!isObject(value)) return typeof value === 'string' ? quoted(value) : String(value)
  const { from, to } = value
  const range = typeof from === 'number' && typeof to === 'number' ? portsText(from, to) : undefined
  return Object.entries(value)
    .filter(([key, inner]) => !isEmpty(inner) && !(range && key === 'to'))
    .map(([key, inner]) => (range && key === 'from' ? range : `${visible(key)} ${nested(inner)}`))
    .join(', ')
}

/** A value inside another. */
function nested(value: Json): string {
  return isObject(value) ? `{${valueText(value)}}` : valueText(value)
}

function isEmpty(value: Json): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0)
}

function portsText(from: number, to: number): string {
  if (from === -1) return 'every port'
  return from === to ? `port ${from}` : `ports ${from}-${to}`
}

/** Quotes only where a reader could not tell where the text ends. */
function quoted(text: string): string {
  return text === '' || /[\s,]/.test(text) ? `"${visible(text)}"` : visible(text)
}

function items(value: Json): Json[] {
  if (Array.isArray(value)) return value
  return value === null ? [] : [value]
}

function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
