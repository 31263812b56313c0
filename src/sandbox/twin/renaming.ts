/**
 * The ids by which AWS knows something, and those by which the emulators know its copy. One rename serves both ways: it
 * puts each in the other's place, so that done twice it changes nothing.
 */
export class Renaming {
  readonly #other = new Map<string, string>()
  #pattern: RegExp | undefined

  /** The same thing by two ids. One that is known already stays as it is. */
  learn(real: string, twin: string): void {
    if (real === twin || real === '' || twin === '') return
    if (this.#other.has(real) || this.#other.has(twin)) return
    this.#other.set(real, twin).set(twin, real)
    this.#pattern = undefined
  }

  /** A value with the ids of the other side, at any depth, in ARNs and other texts as well; keys of maps too. */
  renamed<T>(value: T): T {
    return this.#in(value) as T
  }

  #in(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (Array.isArray(value)) return value.map((item) => this.#in(item))
    if (!isPlain(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [this.#text(key), this.#in(one)]))
  }

  #text(text: string): string {
    if (this.#other.size === 0) return text
    this.#pattern ??= patternOf([...this.#other.keys()])
    return text.replace(this.#pattern, (id) => this.#other.get(id)!)
  }
}

/** Whole ids only, the longest first: one may be the beginning of another. IAM gives documents in the encoding of URLs. */
function patternOf(ids: readonly string[]): RegExp {
  const longestFirst = ids.toSorted((a, b) => b.length - a.length)
  const any = longestFirst.map(escaped).join('|')
  return new RegExp(`(?:(?<![\\w-])|(?<=%[0-9A-F]{2}))(?:${any})(?![\\w-])`, 'g')
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Dates and bytes are no maps. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
