/** What is made of a finding in Security Hub, by what stands there now. Pure. */
import { noteBeside, noteOf, runNoted } from './note.ts'
import type { Word } from './run-words.ts'

/** Stages through which a finding goes, in both forms of Security Hub; OCSF has no word for `NOTIFIED`. */
export type Stage = 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED'

/** A finding as it stands. */
export interface Live {
  stage: Stage
  /** It is kept for the record only. */
  archived: boolean
  /** The check itself says that nothing is wrong. */
  passed: boolean
  /** ISO 8601 UTC: when its detector updated it last. */
  updatedAt: string
  note?: { text: string; by?: string }
}

export interface Update {
  stage?: Stage
  note?: string
}

/**
 * What to write; or a reason why nothing is. What a person set is never overwritten: neither `SUPPRESSED` nor `RESOLVED`,
 * nor is `NOTIFIED` taken back to `NEW`. A stage goes back to `NEW` only where a run had resolved it.
 */
export function updateOf(word: Word, live: Live): Update | { left: string } {
  const { stage, archived, note } = live
  const noted = runNoted(note?.text)
  if (noted === word.run) return { left: 'it says so already' }
  // Ids of runs are ULIDs: they sort by time.
  if (noted !== undefined && noted > word.run) return { left: `the later run ${noted} has spoken` }
  if (archived) return { left: 'it is archived there' }
  if (stage === 'SUPPRESSED') return { left: 'SUPPRESSED stands' }
  const wanted = stageFor(word, live, noted !== undefined)
  if (wanted !== undefined && typeof wanted !== 'string') return wanted
  const text = noted === undefined && note ? noteBeside(word, note.text, note.by) : noteOf(word)
  if (text !== undefined)
    return { ...(wanted !== undefined && wanted !== stage && { stage: wanted }), note: text }
  // An event about a stage that nobody answers for starts the next run; what is resolved does not.
  return wanted === 'RESOLVED' && stage !== wanted
    ? { stage: wanted }
    : { left: 'the note of a person stands' }
}

/** The stage that it shall have; undefined where it stays. */
function stageFor(
  { meaning, asOf }: Word,
  { stage, updatedAt, passed }: Live,
  isOurs: boolean,
): Stage | undefined | { left: string } {
  switch (meaning) {
    case 'solved':
      if (updatedAt > asOf && !passed) return { left: `it was seen again at ${updatedAt}` }
      return 'RESOLVED'
    case 'unsolved':
      if (stage === 'RESOLVED') return { left: 'RESOLVED stands' }
      return 'NOTIFIED'
    case 'left':
      return stage === 'RESOLVED' ? { left: 'RESOLVED stands' } : undefined
    case 'reopened':
      if (!isOurs) return { left: 'no run had spoken of it' }
      return stage === 'RESOLVED' ? 'NEW' : undefined
  }
}
