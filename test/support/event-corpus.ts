import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Real events, which may not be shipped; where there are none, their tests do not exist. */
export const CORPUS = process.env.RECTIFY_EVENT_CORPUS ?? join(import.meta.dirname, '../../../shared/events')

/** The files of the corpus, as paths in it; none where there is no corpus. */
export const CORPUS_FILES: readonly string[] = existsSync(CORPUS)
  ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .sort()
  : []

export const corpusText = (file: string): string => readFileSync(join(CORPUS, file), 'utf8')
