import { BadEvent } from '../bad-event.ts'
import { required, text } from '../fields.ts'
import type { FindingStatus, Severity } from '../finding.ts'
import type { Fields } from '../json-object.ts'

/**
 * What the word at a path says of the state. A word that this version does not know must not pass for an open finding.
 * @throws BadEvent `missingField` without a word, `unknownShape` for an unknown one
 */
export function statusSaid(body: Fields, path: string, words: Map<string, FindingStatus>): FindingStatus {
  const said = required(path, text(body, path))
  const status = words.get(said)
  if (status === undefined) throw new BadEvent('unknownShape', `${path} "${said}" is not a known value`, path)
  return status
}

const SEVERITY_WORDS = new Map<string, Severity>([
  ['informational', 'INFORMATIONAL'],
  // Inspector: nobody has rated it yet.
  ['untriaged', 'INFORMATIONAL'],
  ['undefined', 'INFORMATIONAL'],
  ['unspecified', 'INFORMATIONAL'],
  ['low', 'LOW'],
  ['medium', 'MEDIUM'],
  ['moderate', 'MEDIUM'],
  ['high', 'HIGH'],
  ['important', 'HIGH'],
  ['critical', 'CRITICAL'],
])

/** A severity as a word, in any case; undefined when it is none. */
export function severityOfWord(word: string | undefined): Severity | undefined {
  return SEVERITY_WORDS.get(word?.toLowerCase() ?? '')
}

/** The severity of a number up to 100. ASFF, "Severity": 0 informational, from 1 low, 40 medium, 70 high, 90 critical. */
export function severityOfNumber(normalized: number): Severity {
  if (normalized >= 90) return 'CRITICAL'
  if (normalized >= 70) return 'HIGH'
  if (normalized >= 40) return 'MEDIUM'
  return normalized >= 1 ? 'LOW' : 'INFORMATIONAL'
}

/**
 * The severity that the word at a path says.
 * @throws BadEvent `missingField` when there is none
 */
export function severitySaid(body: Fields, path: string): Severity {
  const word = required(path, text(body, path))
  const severity = severityOfWord(word)
  if (severity === undefined)
    throw new BadEvent('unknownShape', `${path} "${word}" is not a known value`, path)
  return severity
}
