import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BadEvent } from '../../src/findings/bad-event.ts'
import { type Body, unwrap } from '../../src/findings/envelopes.ts'
import type { Finding } from '../../src/findings/finding.ts'
import type { SourceReader } from '../../src/findings/sources/source.ts'

const ROOT = process.env.RECTIFY_EVENT_CORPUS ?? join(import.meta.dirname, '../../../shared/events')

/** Real events may not be shipped; where they are not, there is nothing to read. */
export const hasCorpus = existsSync(join(ROOT, 'INDEX.md'))

/** The files of the corpus with such a path. */
export const filesOf = (path: RegExp): string[] =>
  readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.test(file) && file.endsWith('.json'))
    .sort()

/** The events in a file of the corpus. */
export const bodiesOf = (file: string): Body[] =>
  unwrap(JSON.parse(readFileSync(join(ROOT, file), 'utf8'))).bodies

/** What the first of some readers that recognises a body makes of it; undefined when none does. */
export function readWith(
  readers: SourceReader[],
  { value, told }: Pick<Body, 'value' | 'told'>,
): Finding[] | BadEvent | undefined {
  const reader = readers.find((each) => each.recognises(value, told))
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
