import { NOTED_BY } from '../findings/sources/securityhub/own-note.ts'
import type { Word } from './run-words.ts'

/** Characters that Security Hub takes: of a note (user guide, "ASFF syntax", Note) and of a comment (BatchUpdateFindingsV2). */
const MOST_CHARACTERS = 512
/** What of our own word must be left beside what a person wrote. */
const LEAST_CHARACTERS = 120

const BEGIN = `${NOTED_BY} run `

/** What is noted of a run: which one it was, how it ended and why. */
export function noteOf({ run, text }: Pick<Word, 'run' | 'text'>, most = MOST_CHARACTERS): string {
  return shortened(`${BEGIN}${run}: ${text}`.replace(/\s+/g, ' ').trim(), most)
}

/**
 * The same beside what a person wrote: a finding has one note, and what stands there must not be lost. Undefined: there
 * is no room for both.
 */
export function noteBeside(
  word: Pick<Word, 'run' | 'text'>,
  theirs: string,
  by?: string,
): string | undefined {
  const quoted = ` | before${by === undefined ? '' : ` by ${by}`}: ${theirs}`
  const room = MOST_CHARACTERS - [...quoted].length
  return room < LEAST_CHARACTERS ? undefined : noteOf(word, room) + quoted
}

/** The run that a note of ours is about; undefined for a note of somebody else. */
export function runNoted(text: string | undefined): string | undefined {
  return text?.startsWith(BEGIN) ? /^[0-9A-Za-z-]+/.exec(text.slice(BEGIN.length))?.[0] : undefined
}

/** In characters as AWS counts them. */
function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
