/** How tokens count: the same for every database. */

import type { Token, TokenResult } from '../run/store.ts'
import { StoreError } from './store-error.ts'

/** Whether a token counts at `now`, ms since 1970, UTC. */
export function counts({ until }: Pick<Token, 'until'>, now: number): boolean {
  return until > now
}

/** What somebody is told for whom there is no room: `tokens` are those that count, `limit` or more. */
export function noRoom(tokens: readonly Token[], limit: number): TokenResult {
  const ends = tokens.map(({ until }) => until).sort((a, b) => a - b)
  return { taken: false, freeAt: ends[ends.length - limit] ?? Number.NaN }
}

/** Errors: `StoreError` of kind `misuse` for what could never be counted. */
export function checkToken({ key, until }: Token, limit: number, now: number): void {
  const isWhole = Number.isSafeInteger(limit) && Number.isFinite(until) && Number.isFinite(now)
  if (key !== '' && isWhole && limit > 0) return
  throw new StoreError('misuse', `no token ${JSON.stringify(key)} until ${until} of ${limit} at ${now}`)
}
