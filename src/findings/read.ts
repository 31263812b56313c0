import { BadEvent, missing } from './bad-event.ts'
import { type Body, unwrap } from './envelopes.ts'
import { isFields } from './fields.ts'
import type { Finding, ParseResult, Rejection } from './finding.ts'
import { readJson } from './json-text.ts'
import { config } from './sources/config.ts'
import { guardDuty } from './sources/guardduty.ts'
import { isCloudTrail, knownSource } from './sources/known.ts'

/** The detectors that are read; a new one is a file in `sources` and a line here. */
const READERS = [config, guardDuty]

/** Of one document or line, in bytes of UTF-8. SQS and EventBridge carry at most 1 MB. */
const MAX_BYTES = 8 * 1024 * 1024

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
      result.findings.push(...[readBody(body)].flat())
    } catch (error) {
      if (!(error instanceof BadEvent)) throw error
      result.rejected.push(rejection(named(body.path), error, body.prefix))
    }
  }
  return result
}

/**
 * Findings from text: one JSON document, or JSON lines (line 4 is `#/3`, as if the lines were a list). A document or
 * line of more than 8 MB is `tooLarge`; `notJson` names the line.
 */
export function parseText(text: string, event: string): ParseResult {
  const tooLarge = Buffer.byteLength(text) > MAX_BYTES
  const document = tooLarge ? undefined : readJson(text)
  if (document?.ok) return parseEvents(document.value, event)

  const lines = text.split('\n')
  if (isJsonLines(lines)) return parseLines(lines, event)
  if (document === undefined) return refused(event, 'tooLarge', `more than ${MAX_BYTES} bytes`)
  return refused(event, 'notJson', `line ${document.line}: ${document.message}`)
}

function parseLines(lines: string[], event: string): ParseResult {
  const results = lines.map((line, index): ParseResult => {
    if (line.trim() === '') return { findings: [], rejected: [] }
    const name = `${event}#/${index}`
    if (Buffer.byteLength(line) > MAX_BYTES) {
      return refused(name, 'tooLarge', `line ${index + 1}: more than ${MAX_BYTES} bytes`)
    }
    const json = readJson(line)
    if (json.ok) return readAt(json.value, event, `/${index}`)
    return refused(name, 'notJson', `line ${index + 1}: ${json.message}`)
  })
  return joined(results)
}

/** All findings and all rejections of several readings, in order. */
export function joined(results: ParseResult[]): ParseResult {
  return {
    findings: results.flatMap((each) => each.findings),
    rejected: results.flatMap((each) => each.rejected),
  }
}

/** Some line that is not indented is an object or a list by itself: not a broken document, but lines, some broken. */
export function isJsonLines(lines: string[]): boolean {
  return lines.length > 1 && lines.some((line) => /^\uFEFF?[{[].*[}\]]\s*$/s.test(line) && readJson(line).ok)
}

function readBody({ value, told }: Body): Finding | Finding[] {
  const reader = isCloudTrail(value, told) ? undefined : READERS.find((each) => each.recognises(value, told))
  if (reader !== undefined) return reader.read(value, told)
  const source = knownSource(value, told)
  if (source !== undefined) throw new BadEvent('unsupportedSource', `${source}: recognised, but not read yet`)
  if (Object.hasOwn(value, 'detail-type') && !isFields(value.detail)) throw missing('detail')
  const sender = told.source === undefined ? '' : ` (source ${told.source})`
  throw new BadEvent('unknownShape', `not an event of a known detector${sender}`)
}

function rejection(event: string, error: BadEvent, prefix = ''): Rejection {
  const { code, message, field } = error
  if (field === undefined) return { event, code, reason: message }
  return { event, code, field: prefix + field, reason: message.replace(field, prefix + field) }
}

function refused(event: string, code: 'notJson' | 'tooLarge', reason: string): ParseResult {
  return { findings: [], rejected: [{ event, code, reason }] }
}
