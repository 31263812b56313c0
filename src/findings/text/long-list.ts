import { parsed } from '../json-text.ts'
import { WRAPPING_FIELDS } from '../wrapping.ts'

const TEXT = '"(?:[^"\\\\]|\\\\.)*"'
const SCALAR = `(?:${TEXT}|-?[0-9][0-9.eE+-]*|true|false|null)`
/** The object around a list, as AWS answers and CloudTrail and AWS Config write it. */
const LIST_IN_OBJECT = new RegExp(
  `^\\{\\s*((?:${TEXT}\\s*:\\s*${SCALAR}\\s*,\\s*)*)` +
    '"(Records|Messages|Findings|findings|configurationItems|Events)"\\s*:\\s*\\[',
)
/** What stands before a list is a version and some ids: nobody looks further for one, in characters. */
const FRONT = 64 * 1024

/** Where the items of a list begin, and the name of the list, where it stands in an object. */
export interface LongList {
  length: number
  name?: string
}

/**
 * The list with which a text begins: by itself, or in an object as the first of its fields that is more than a text or
 * a number, `{"fileVersion":"1.0","configurationItems":[`.
 * @param most what is begun after so many characters is none: it must not matter how much of the text is there
 * @returns undefined for any other, also for an envelope that has such a field beside what it holds
 */
export function longListIn(text: string, most: number): LongList | undefined {
  if (text.startsWith('[')) return { length: 1 }
  const [begin, before = '', name] = LIST_IN_OBJECT.exec(text.slice(0, Math.min(most, FRONT))) ?? []
  if (begin === undefined || name === undefined) return undefined
  const front = parsed(`{${before.trimEnd().replace(/,$/, '')}}`)
  if (!front.ok || Object.keys(front.value as object).some((each) => WRAPPING_FIELDS.has(each)))
    return undefined
  return { length: begin.length, name }
}
