import { basename } from 'node:path'
import { BadEvent } from '../../src/findings/bad-event.ts'
import { unwrap } from '../../src/findings/envelopes.ts'
import type { Finding, RejectionCode } from '../../src/findings/finding.ts'
import { readerOf } from '../../src/findings/sources/readers.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'

export interface Reading {
  findings: Finding[]
  rejected: { code: RejectionCode; field?: string }[]
}

/** What the readers make of a document: as `parseEvents` has it, with fields as the readers name them. */
export function readWith(document: unknown): Reading {
  const { bodies, rejected } = unwrap(document)
  const reading: Reading = { findings: [], rejected: rejected.map(({ error }) => ({ code: error.code })) }
  for (const { value, told } of bodies) {
    const reader = readerOf(value, told)
    try {
      if (reader === undefined) throw new BadEvent('unknownShape', 'no known detector')
      reading.findings.push(...[reader.read(value, told)].flat())
    } catch (error) {
      if (!(error instanceof BadEvent)) throw error
      reading.rejected.push({ code: error.code, ...(error.field !== undefined && { field: error.field }) })
    }
  }
  return reading
}

/** The only finding of a document. */
export function onlyOne(document: unknown): Finding {
  const { findings, rejected } = readWith(document)
  const [finding, ...others] = findings
  if (finding === undefined || others.length + rejected.length > 0) {
    throw new Error(`not one finding: ${JSON.stringify({ findings, rejected })}`)
  }
  return finding
}

/** An event as EventBridge sends it. */
export const bus = (source: string, detailType: string, detail: unknown, more: object = {}) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': detailType,
  source,
  account: '111122223333',
  time: '2026-05-17T10:30:00Z',
  region: 'us-east-1',
  resources: [] as string[],
  detail,
  ...more,
})

/** Files of the corpus by name, of some form; `derived` are others with an envelope put around them. */
export function corpusFiles(form: RegExp, derived = true): Map<string, string> {
  return new Map(
    CORPUS_FILES.filter((file) => form.test(basename(file)))
      .filter((file) => derived || !file.includes('derived'))
      .map((file) => [basename(file, '.json'), file]),
  )
}

export const corpusEvent = (file: string): unknown => JSON.parse(corpusText(file))
