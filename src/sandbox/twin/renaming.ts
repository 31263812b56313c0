/**
 * The ids by which AWS knows something, and those by which the emulators know its copy. One rename serves both ways: it
 * puts each in the other's place, so that done twice it changes nothing.
 */
export class Renaming {
  readonly #other = new Map<string, string>()
  /** Lengths of all ids, the longest first: one may be the beginning of another. */
  #lengths: number[] = []

  /** The same thing by two ids. One that is known already stays as it is. */
  learn(real: string, twin: string): void {
    if (real === twin || real === '' || twin === '') return
    if (this.#other.has(real) || this.#other.has(twin)) return
    this.#other.set(real, twin).set(twin, real)
    const lengths = new Set([...this.#lengths, real.length, twin.length])
    if (lengths.size > this.#lengths.length) this.#lengths = [...lengths].sort((a, b) => b - a)
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
    let renamed = ''
    let done = 0
    for (const { index } of text.matchAll(BEGINNING)) {
      const id = index < done ? undefined : this.#idAt(text, index)
      if (id === undefined) continue
      renamed += text.slice(done, index) + this.#other.get(id)!
      done = index + id.length
    }
    return renamed + text.slice(done)
  }

  #idAt(text: string, index: number): string | undefined {
    for (const length of this.#lengths) {
      const id = text.slice(index, index + length)
      if (this.#other.has(id) && !/[\w-]/.test(text.charAt(index + id.length))) return id
    }
    return undefined
  }
}

/** Where a whole id may begin. IAM gives documents in the encoding of URLs. */
const BEGINNING = /(?<![\w-])|(?<=%[0-9A-F]{2})/g

/** Dates and bytes are no maps. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
