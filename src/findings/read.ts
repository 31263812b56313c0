import { BadEvent, missing } from './bad-event.ts'
import { type Body, unwrap } from './envelopes.ts'
import type { Finding, ParseResult, Rejection } from './finding.ts'
import { isFields } from './json-object.ts'
import { parsed } from './json-text.ts'
import { readerOf } from './sources/readers.ts'
import { type Document, Documents, MAX_BYTES } from './text/json-documents.ts'

/**
 * Findings from parsed JSON: one event or many, in any nesting of envelopes. Never throws for content; what cannot be
 * read is in `rejected`, and the rest is still read.
 * @param event what to call the document in rejections; a JSON pointer is added (`events.json#/Records/3`)
 */
export function parseEvents(value: unknown, event: string): ParseResult {
  return readAt(value, event, '')
}

/** @param pointer JSON pointer to the value inside the event file */
function readAt(document: unknown, event: string, pointer: string): ParseResult {
  const named = (path: string) => (pointer + path === '' ? event : `${event}#${pointer}${path}`)
  const { bodies, rejected } = unwrap(document)
  const result: ParseResult = {
    findings: [],
    rejected: rejected.map(({ path, error }) => rejection(named(path), error)),
  }
  for (const body of bodies) {
    try {
      const read = readBody(body)
      if (Array.isArray(read)) result.findings.push(...read)
      else result.findings.push(read)
    } catch (error) {
      if (!(error instanceof BadEvent)) throw error
      result.rejected.push(rejection(named(body.path), error, body.prefix))
    }
  }
  return result
}

/**
 * Findings from text: one JSON document, JSON lines (line 4 is `#/3`, as if the lines were a list), or values one behind
 * the other. A document, line or item of a list of more than 8 MB is `tooLarge`; `notJson` names the line.
 */
export function parseText(text: string, event: string): ParseResult {
  return joined(Documents.in(text).map((document) => ofDocument(document, event)))
}

/**
 * The same from text that comes piece by piece, of any length: no more of it is held than one document of 8 MB. A
 * `BadEvent` of the text itself (it cannot be unpacked) is in `rejected`, too.
 * @param after so many lines, which were read by `parseLines`
 * @returns what each piece makes whole, a result for each document
 */
export async function* parseStream(
  text: AsyncIterable<string>,
  event: string,
  after = 0,
): AsyncGenerator<ParseResult[], void, undefined> {
  const documents = new Documents(MAX_BYTES, after)
  const results = (found: Document[]) => found.map((document) => ofDocument(document, event))
  try {
    for await (const piece of text) yield results(documents.push(piece))
    yield results(documents.end())
  } catch (error) {
    if (!(error instanceof BadEvent)) throw error
    yield [{ findings: [], rejected: [rejection(event, error)] }]
  }
}

/** Characters of a line whose bytes need not be counted: one has at most three. */
const LONGEST_LINE = Math.floor(MAX_BYTES / 3)

/** What lines held. */
export interface LinesRead {
  /** Of each value. */
  results: ParseResult[]
  /** Number of the line that follows them, from 0. */
  next: number
}

/**
 * The same from some lines of a larger text, which has two values at least, where each line holds one value or nothing:
 * quicker, and with the same results. Pure.
 * @param first number of the first of these lines in the text, from 0
 * @returns undefined where a line holds anything else: then nothing of these lines counts as read
 */
export function parseLines(text: string, event: string, first: number): LinesRead | undefined {
  const results: ParseResult[] = []
  let line = first
  for (let from = 0; from < text.length; line++) {
    const end = text.indexOf('\n', from)
    const to = end < 0 ? text.length : end
    if (to - from > LONGEST_LINE) return undefined
    const value = text.slice(from, to)
    const json = parsed(value)
    if (json.ok) results.push(readAt(json.value, event, `/${line}`))
    else if (value.trim() !== '') return undefined
    from = to + 1
  }
  return { results, next: line }
}

function ofDocument(document: Document, event: string): ParseResult {
  const { pointer } = document
  if ('value' in document) return readAt(document.value, event, pointer)
  const name = pointer === '' ? event : `${event}#${pointer}`
  return { findings: [], rejected: [{ event: name, ...document.refused }] }
}

/** All findings and all rejections of several readings, in order. */
export function joined(results: ParseResult[]): ParseResult {
  return {
    findings: results.flatMap((each) => each.findings),
    rejected: results.flatMap((each) => each.rejected),
  }
}

function readBody({ value, told }: Body): Finding | Finding[] {
  const reader = readerOf(value, told)
  if (reader !== undefined) return reader.read(value, told)
  if (Object.hasOwn(value, 'detail-type') && !isFields(value.detail)) throw missing('detail')
  const sender = told.source === undefined ? '' : ` (source ${told.source})`
  throw new BadEvent('unknownShape', `not an event of a known detector${sender}`)
}

function rejection(event: string, error: BadEvent, prefix = ''): Rejection {
  const { code, message, field } = error
  if (field === undefined) return { event, code, reason: message }
  return { event, code, field: prefix + field, reason: message.replace(field, prefix + field) }
}
