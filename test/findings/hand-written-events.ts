import { readFileSync } from 'node:fs'
import type { Finding, ParseResult } from '../../src/findings/finding.ts'
import { parseEvents, parseText } from '../../src/findings/read.ts'

/** A hand-written event of test/events, as text. */
export const sampleText = (name: string): string =>
  readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8')

/** The same, parsed anew each time, so that a test may change it. */
export const sample = (name: string) => JSON.parse(sampleText(name))

export const parseSample = (name: string): ParseResult => parseText(sampleText(name), `${name}.json`)

/** The only finding of an event, nothing rejected. */
export function onlyFinding(value: unknown): Finding {
  const { findings, rejected } = typeof value === 'string' ? parseSample(value) : parseEvents(value, 'event')
  const [finding, ...others] = findings
  if (finding === undefined || others.length + rejected.length > 0) {
    throw new Error(`not one finding: ${JSON.stringify({ findings, rejected })}`)
  }
  return finding
}
