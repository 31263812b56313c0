import { isJsonLines, parsed, readJson } from '../json-text.ts'
import { longListIn } from './long-list.ts'
import { ValueScan } from './value-scan.ts'

/** Of one document, line or item of a long list, in bytes of UTF-8. SQS and EventBridge carry at most 1 MB. */
export const MAX_BYTES = 8 * 1024 * 1024

/** A JSON value in some text, or what stands there in its place. */
export type Document = { pointer: string } & (
  | { value: unknown }
  | { refused: { code: 'notJson' | 'tooLarge'; reason: string } }
)

/** Up to so many characters without an end of line it is waited for: a value in a line is read the fastest. */
const LONG_LINE = 1024 * 1024

const BLANK = /\S/
/** As most values do: nothing is blank before them. */
const BEGINS = /^[[{]/
const BLANK_IN_LIST = /[^\s,]/
/** Number, `true`, `null` ... in a list. */
const WORD = /^[^\s,[\]{}"]+/

/**
 * Takes the JSON values out of text that comes piece by piece: one document, JSON lines, values one behind the other, or
 * one long list. Holds no more than a value of `most` bytes: what is larger is refused, but a list of that size is taken
 * apart into its items. Line 4 is `/3`, as if the lines were a list, and a second value in it `/3/1`; a document that is
 * alone has the empty pointer. Pure.
 */
export class Documents {
  private rest = ''
  /** Of the beginning of `rest`, from 0. */
  private line = 0
  private scan: ValueScan | undefined
  private list: { pointer: string; index: number; inObject: boolean } | undefined
  private skipping: 'value' | 'line' | undefined
  /** Each line is by itself: the brackets of some do not end. */
  private byLine = false
  /** Inside of lines that are no JSON at all; told once. */
  private inProse = false
  /** A list is so broken that nobody knows where its items end. */
  private lost = false
  private first: Document | undefined
  private count = 0
  private lastPlace = { line: -1, count: 0 }
  private found: Document[] = []

  private readonly most: number

  /** @param after so many lines, each a value or blank, two at least a value; what is pushed follows them */
  constructor(most = MAX_BYTES, after = 0) {
    this.most = most
    this.line = after
    this.count = after
  }

  /** All values of a text. */
  static in(text: string): Document[] {
    const alone = text.length <= MAX_BYTES / 3 ? parsed(text) : undefined
    if (alone?.ok) return [{ pointer: '', value: alone.value }]
    const documents = new Documents()
    return [...documents.push(text), ...documents.end()]
  }

  /** @returns the values that have become whole */
  push(text: string): Document[] {
    this.rest += text
    return this.take(false)
  }

  /** No more comes. @returns what is left; text without any value is refused */
  end(): Document[] {
    const left = this.take(true)
    if (this.list && !this.lost && !this.skipping)
      this.refuse('notJson', `line ${this.line + 1}: the list does not end`)
    if (this.count === 0) this.refuse('notJson', 'line 1: Unexpected end of JSON input')
    const alone = this.count === 1 && this.first ? [{ ...this.first, pointer: '' }] : []
    return [...left, ...this.found.splice(0), ...alone]
  }

  private take(last: boolean): Document[] {
    while (this.step(last));
    return this.found.splice(0)
  }

  /** Whether there is more to do before the next text comes. */
  private step(last: boolean): boolean {
    if (this.lost) this.drop(this.rest.length)
    else if (this.skipping) return this.skip()
    this.skipBlank()
    if (this.rest === '') return false
    if (this.list) return this.item(last, this.list)
    if (this.byLine) return this.wholeLine(last)
    return /^[{[]/.test(this.rest) ? this.wholeValue(last) : this.prose(last)
  }

  private wholeValue(last: boolean): boolean {
    if (this.scan === undefined) {
      const line = this.nextLine(last)
      if (line === undefined && this.rest.length <= Math.min(this.most, LONG_LINE)) return false
      // Most lines are a value each, which its brackets need not prove.
      if (line && line.length <= this.most / 3 && /[}\]]/.test(line.trimEnd().at(-1) ?? '')) {
        const json = parsed(line)
        if (json.ok) return this.give(json.value, line.length)
      }
    }
    this.scan ??= new ValueScan()
    const end = this.scan.endIn(this.rest)
    const wait = !last && this.rest.length <= this.most
    if (end !== undefined) {
      if (this.isLarge(this.rest.slice(0, end)) && this.isListBegun()) return true
      const behind = /[^\S\n]*(.?)/suy
      behind.lastIndex = end
      const next = behind.exec(this.rest)?.[1]
      if (!next && wait) return false
      if (!next || /[{[\n]/.test(next)) return this.valueOf(this.rest.slice(0, end))
      // A bracket too many, say: then what its other brackets hold may not be what was meant.
      const lineEnd = this.rest.indexOf('\n', end)
      if (lineEnd < 0 && wait) return false
      return this.brokenUnlessLines(this.rest.slice(0, lineEnd < 0 ? this.rest.length : lineEnd))
    }
    if (wait) return false
    if (!last && this.isListBegun()) return true
    if (last) return this.brokenUnlessLines(this.rest)
    return this.areLines(this.rest) || this.skipLarge('value')
  }

  private valueOf(text: string): boolean {
    if (this.isLarge(text)) return this.large(text.length)
    const json = parsed(text)
    if (json.ok) return this.give(json.value, text.length)
    return this.list ? this.broken(text) : this.brokenUnlessLines(text)
  }

  private brokenUnlessLines(text: string): boolean {
    return this.areLines(text) || this.broken(text)
  }

  /** A line, where one cannot go by brackets. */
  private wholeLine(last: boolean): boolean {
    const line = this.nextLine(last)
    if (line === undefined) return this.rest.length > this.most && this.skipLarge('line')
    if (this.isLarge(line)) return this.large(line.length)
    const json = parsed(line)
    if (json.ok) return this.give(json.value, line.length)
    const several = /^[{[]/.test(line) ? Documents.in(line) : []
    if (several.length < 2 || several.some((each) => 'refused' in each)) return this.broken(line)
    for (const each of several) if ('value' in each) this.give(each.value, 0)
    return this.drop(line.length)
  }

  /** What begins like no object and no list: a word by itself, or lines of no JSON, of which the first is told. */
  private prose(last: boolean): boolean {
    const line = this.nextLine(last)
    if (line === undefined) return this.rest.length > this.most && this.skipLarge('line')
    const json = parsed(line)
    if (json.ok) return this.give(json.value, line.length)
    if (this.inProse) return this.drop(line.length)
    this.broken(line)
    this.inProse = true
    return true
  }

  private item(last: boolean, list: NonNullable<typeof this.list>): boolean {
    if (this.rest.startsWith(']')) {
      this.list = undefined
      this.drop(1)
      if (list.inObject) {
        this.skipping = 'value'
        this.scan = new ValueScan(1)
      }
      return true
    }
    if (!/^[{["]/.test(this.rest)) return this.word(last)
    this.scan ??= new ValueScan()
    const end = this.scan.endIn(this.rest)
    if (end !== undefined) return this.valueOf(this.rest.slice(0, end))
    if (last) return this.drop(this.rest.length)
    return this.rest.length > this.most && this.skipLarge('value')
  }

  private word(last: boolean): boolean {
    const word = WORD.exec(this.rest)?.[0] ?? ''
    if (word.length === this.rest.length && word.length <= this.most && !last) return false
    const json = parsed(word)
    if (json.ok) return this.give(json.value, word.length)
    this.refuse('notJson', `line ${this.line + 1}: not an item of a list; what follows is not read`)
    this.lost = true
    return true
  }

  private nextLine(last: boolean): string | undefined {
    const end = this.rest.indexOf('\n')
    return end >= 0 ? this.rest.slice(0, end) : last ? this.rest : undefined
  }

  /** Where a list has become too long to be read as one value, its items are read one by one. */
  private isListBegun(): boolean {
    const begun = longListIn(this.rest, this.most)
    if (!begun) return false
    const { length, name } = begun
    const pointer = this.count === 0 ? '' : `/${this.line}`
    this.release()
    this.list = { pointer: pointer + (name ? `/${name}` : ''), index: 0, inObject: name !== undefined }
    return this.drop(length)
  }

  /** Whether a text whose brackets do not fit is JSON lines, some broken: then it is read so from here on. */
  private areLines(text: string): boolean {
    this.byLine = isJsonLines(text.split('\n'))
    if (this.byLine) this.scan = undefined
    return this.byLine
  }

  private isLarge(text: string): boolean {
    return text.length > this.most / 3 && Buffer.byteLength(text) > this.most
  }

  private broken(text: string): boolean {
    const json = readJson(text)
    const { line, message } = json.ok ? { line: 1, message: 'not JSON' } : json
    this.refuse('notJson', `line ${this.line + line}: ${message}`)
    return this.drop(text.length)
  }

  private large(length: number): boolean {
    this.refuse('tooLarge', `line ${this.line + 1}: more than ${this.most} bytes`)
    return this.drop(length)
  }

  private skipLarge(what: 'value' | 'line'): true {
    this.large(0)
    this.skipping = what
    if (what === 'value') this.scan = new ValueScan()
    return true
  }

  private skip(): boolean {
    const lineEnd = this.rest.indexOf('\n')
    const end = this.skipping === 'value' ? this.scan?.endIn(this.rest) : lineEnd < 0 ? undefined : lineEnd
    if (end === undefined) {
      this.scan?.restart()
      const { scan } = this
      this.drop(this.rest.length)
      this.scan = scan
      return false
    }
    this.skipping = undefined
    return this.drop(end)
  }

  private skipBlank(): void {
    if (BEGINS.test(this.rest)) return
    const blank = this.rest.search(this.list ? BLANK_IN_LIST : BLANK)
    if (blank !== 0) this.drop(blank < 0 ? this.rest.length : blank)
  }

  private drop(length: number): true {
    const text = this.rest.slice(0, length)
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line++
    this.rest = this.rest.slice(length)
    this.scan = undefined
    return true
  }

  private give(value: unknown, length: number): true {
    this.add({ pointer: this.pointer(), value })
    return this.drop(length)
  }

  private refuse(code: 'notJson' | 'tooLarge', reason: string): void {
    this.add({ pointer: this.pointer(), refused: { code, reason } })
  }

  private pointer(): string {
    if (this.list) return `${this.list.pointer}/${this.list.index++}`
    const { lastPlace, line } = this
    this.lastPlace = { line, count: lastPlace.line === line ? lastPlace.count + 1 : 0 }
    return this.lastPlace.count === 0 ? `/${line}` : `/${line}/${this.lastPlace.count}`
  }

  /** The first is kept back: whether it is alone shows when a second comes. */
  private add(document: Document): void {
    this.inProse = false
    this.count++
    if (this.count === 1 && !this.list) this.first = document
    else {
      this.release()
      this.found.push(document)
    }
  }

  private release(): void {
    if (this.first) this.found.push(this.first)
    this.first = undefined
  }
}
