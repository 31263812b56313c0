import { BadEvent } from '../../src/findings/bad-event.ts'
import { type Body, unwrap } from '../../src/findings/envelopes.ts'
import type { Finding } from '../../src/findings/finding.ts'
import { readerOf } from '../../src/findings/sources/readers.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'

export const hasCorpus = CORPUS_FILES.length > 0

/** The files of the corpus with such a path. */
export const filesOf = (path: RegExp): string[] => CORPUS_FILES.filter((file) => path.test(file))

/** The events in a file of the corpus. */
export const bodiesOf = (file: string): Body[] => unwrap(JSON.parse(corpusText(file))).bodies

/** What the reader that recognises a body makes of it; undefined when none does. */
export function readWith({ value, told }: Pick<Body, 'value' | 'told'>): Finding[] | BadEvent | undefined {
  const reader = readerOf(value, told)
  if (reader === undefined) return undefined
  try {
    return [reader.read(value, told)].flat()
  } catch (error) {
    if (error instanceof BadEvent) return error
    throw error
  }
}

/** A result in the words of a table of expected ones. */
export function inRow(result: Finding | BadEvent | undefined) {
  if (result === undefined) return undefined
  if (result instanceof BadEvent)
    return { rejected: result.code, ...(result.field && { field: result.field }) }
  const { source, via, type, severity, status, account, region, resources } = result
  const named = resources.map((each) => [each.type, each.id])
  return { source, ...(via && { via }), type, severity, status, account, region, resources: named }
}
