import { missing } from './bad-event.ts'
import { type Fields, isFields } from './json-object.ts'
import { remembered } from './text/remembered.ts'

/**
 * The value at a dotted path, or undefined. Each name also answers to its capitalised spelling: AWS writes
 * `updatedAt` in events and `UpdatedAt` in API answers. Only own properties count (`constructor` is not a field).
 */
export function at(value: unknown, path: string): unknown {
  let here = value
  const names = namesOf(path)
  for (let index = 0; index < names.length; index++) {
    const { name, capitalised } = names[index]!
    if (!isFields(here)) return undefined
    let next = here[name]
    // No value of JSON is undefined, and what every object has is a function, whose name has no capital.
    if (next === undefined) next = here[capitalised]
    else if (typeof next === 'function' || name === '__proto__') {
      if (!Object.hasOwn(here, name)) next = Object.hasOwn(here, capitalised) ? here[capitalised] : undefined
    }
    here = next
  }
  return here
}

interface Spellings {
  name: string
  capitalised: string
}
/** Of the paths that sources ask for, some dozens each, taken apart once and not with every event. */
const namesOf = remembered(
  (path): readonly Spellings[] =>
    path.split('.').map((name) => ({ name, capitalised: name.charAt(0).toUpperCase() + name.slice(1) })),
  2_000,
)

/** A text that says something; a number counts (an account id that lost its quotes). Trimmed. */
export function text(value: unknown, path: string): string | undefined {
  const found = at(value, path)
  return typeof found === 'number' ? String(found) : said(found)
}

/** A text that says something, trimmed; undefined for any other value. */
export function said(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined
}

/** The text of a plain value; none of an object or a list, which may not even be able to become one. */
export function plainText(value: unknown): string | undefined {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isPlain ? String(value) : undefined
}

/** @throws BadEvent `missingField` when none of the given texts says something; `field` is the one to blame */
export function required(field: string, ...found: (string | undefined)[]): string {
  const value = found.find((each) => each !== undefined)
  if (value === undefined) throw missing(field)
  return value
}

/** A finite number, also when written as text. */
export function number(value: unknown, path: string): number | undefined {
  const said = text(value, path)
  const read = said === undefined ? Number.NaN : Number(said)
  return Number.isFinite(read) ? read : undefined
}

export const isPort = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 65_535

/** A port of TCP or UDP. */
export function port(value: unknown, path: string): number | undefined {
  const said = number(value, path)
  return said !== undefined && isPort(said) ? said : undefined
}

/** A range of more is no list that anybody would go by. */
const MOST_PORTS = 1000

/** All numbers from one to another; none where these are no range, or one of more than a thousand ports. */
export function range(first = Number.NaN, last = Number.NaN): number[] {
  if (!(last >= first) || last - first >= MOST_PORTS) return []
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The items of a list; a lone object counts as a list of one, anything else as empty. */
export function list(value: unknown, path: string): unknown[] {
  const found = at(value, path)
  if (Array.isArray(found)) return found
  return isFields(found) ? [found] : []
}

/** Yes or no, also when written as text; undefined for anything else, which says neither. */
export function flag(value: unknown, path: string): boolean | undefined {
  const found = at(value, path)
  if (found === true || found === 'true') return true
  return found === false || found === 'false' ? false : undefined
}

/** Whether a mark may be set: only its absence and a plain `false` say that it is not. */
export const mayBeSet = (mark: unknown): boolean =>
  !(mark === undefined || mark === false || mark === 'false')

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is not known: undefined and empty lists. */
export function present<T extends object>(fields: T): Present<T> {
  const known: Fields = {}
  for (const name of Object.keys(fields)) {
    const value = fields[name as keyof T]
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) known[name] = value
  }
  return known as Present<T>
}
