import canonicalize from 'canonicalize'

/** Plain JSON: what survives storage unchanged. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** RFC 8785 canonical JSON text: equal values give equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return canonicalize(value) ?? 'null'
}

/** 'sha256:' + hex of the canonical JSON of a value. */
export function hashOf(value: unknown): string {
  // Loaded with the first hash: it takes 2.5 MB, and most commands of a terminal make none.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
}

/** Whether two values are the same JSON. */
export function sameJson(a: unknown, b: unknown): boolean {
  // Nearly always they are, in the same order, and then it takes a quarter of the time to see.
  return JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b)
}

/** A copy without the named keys, at any depth (generated ids, when two states are compared). */
export function withoutKeys(value: Json, keys: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((item) => withoutKeys(item, keys))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !keys.includes(key))
      .map(([key, inner]) => [key, withoutKeys(inner, keys)]),
  )
}
