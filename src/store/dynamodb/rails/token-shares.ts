/**
 * How the tokens of a scope are spread over items, its shards. Which shard has room for how many follows from the limit
 * alone, so that takers need not agree, and a single item decides by itself whether one more is taken.
 */

/** So many shards at most: as many items as can be read as of one moment are 100. */
const SHARDS = 64
/** Tokens of a shard, until each shard has so many; then as many again. A kilobyte holds them: what a write costs. */
const TOKENS = 25

/**
 * How many tokens of a limit are this shard's. Those of all shards make up the limit, and no shard's grows less when
 * the limit does: what is taken under a limit is within the shares of every higher one.
 */
export function shareOf(shard: number, limit: number): number {
  const rounds = Math.floor(limit / (SHARDS * TOKENS))
  const rest = limit - rounds * SHARDS * TOKENS - shard * TOKENS
  return rounds * TOKENS + Math.min(TOKENS, Math.max(0, rest))
}

/** How many tokens a shard may hold, as one who has read the scope sees it. */
export interface Room {
  shard: number
  most: number
}

/**
 * The shards that have room for one more, where fewer than `limit` count.
 *
 * Under one limit each shard fills its share, and nothing else is asked. Tokens beyond the shares were taken under a
 * higher limit, and take the place of others: then shares are those of the highest limit of which the shares, filled up
 * around what is there, come to `limit`. As tokens beyond them only go, this limit only rises, so all who take by it stay
 * within what the last of them sees: together no more than `limit`, however they overtake each other.
 * @param counted how many count in each shard that is there
 */
export function roomOf(counted: ReadonlyMap<number, number>, limit: number): Room[] {
  const inForce = limitInForce(counted, limit)
  const rooms = shards(counted).map((shard) => ({ shard, most: shareOf(shard, inForce) }))
  return rooms.filter(({ shard, most }) => (counted.get(shard) ?? 0) < most)
}

function limitInForce(counted: ReadonlyMap<number, number>, limit: number): number {
  const filled = (by: number) =>
    shards(counted).reduce((sum, shard) => sum + Math.max(counted.get(shard) ?? 0, shareOf(shard, by)), 0)
  if (filled(limit) <= limit) return limit
  // What is filled up grows with the limit, by one or not at all.
  let [low, high] = [0, limit]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (filled(middle) <= limit) low = middle
    else high = middle
  }
  return low
}

function shards(counted: ReadonlyMap<number, number>): number[] {
  return [...new Set([...Array.from({ length: SHARDS }, (_, shard) => shard), ...counted.keys()])]
}
