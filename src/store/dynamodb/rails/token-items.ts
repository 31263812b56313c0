/** Tokens as items of the run table: `token-shares.ts` says how they are spread. */
import { createHash } from 'node:crypto'
import type { Token, TokenResult } from '../../../run/store.ts'
import { StoreError } from '../../store-error.ts'
import type { Rails } from '../../stored-rails.ts'
import { byText } from '../../tables.ts'
import { checkToken, counts, noRoom } from '../../tokens.ts'
import { type Connection, getItem, transact } from '../connection.ts'
import { tokenShardKey } from '../keys.ts'
import {
  addition,
  changed,
  emptyShard,
  extension,
  removal,
  replacement,
  type Shard,
  shardOf,
  shardsOf,
  shardsTogether,
} from './token-shards.ts'
import { type Room, roomOf } from './token-shares.ts'

/** How often a scope is looked at anew: each time because somebody else has changed it since. */
const TRIES = 64
/** Pauses grow no more after so many. */
const GROWING = 3

interface Taking {
  scope: string
  token: Token
  limit: number
  now: number
}

/** A token that counts, and where it is. */
interface Placed extends Token {
  shard: Shard
}

/** Each change is a conditional update of one item: takers at other shards are not in its way. */
export function tokenItems(
  connection: Connection,
): Pick<Rails, 'takeToken' | 'dropToken' | 'tokens' | 'clearTokens'> {
  return {
    async takeToken(scope, { key, until }, limit, now) {
      checkToken({ key, until }, limit, now)
      const taking = { scope, token: { key, until }, limit, now }
      return untilDone(connection, scope, () => taken(connection, taking))
    },
    async dropToken(scope, key) {
      await untilDone(connection, scope, () => dropped(connection, scope, key))
    },
    tokens: async (scope, now) => distinct(placed(await shardsOf(connection, scope), now)),
    async clearTokens(scope) {
      const shards = await shardsOf(connection, scope)
      await Promise.all(
        shards.map((shard) => untilDone(connection, scope, () => cleared(connection, scope, shard))),
      )
    },
  }
}

/** @param attempt gives nothing when somebody else was faster */
async function untilDone<T>(
  { table, pause }: Connection,
  scope: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tried = 1; tried <= TRIES; tried++) {
    const done = await attempt()
    if (done !== undefined) return done
    await pause(Math.min(tried, GROWING))
  }
  throw new StoreError('busy', `${scope} in table ${table} changed ${TRIES} times meanwhile; try again`)
}

async function taken(connection: Connection, taking: Taking): Promise<TokenResult | undefined> {
  const { scope, token, limit, now } = taking
  let shards = await shardsOf(connection, scope)
  // Shards that are read one after the other may never have been as full at once.
  if (shards.length > 1 && placed(shards, now).length >= limit)
    shards = await shardsTogether(connection, scope, shards)
  const there = placed(shards, now)
  const tokens = distinct(there)
  const mine = tokens.find(({ key }) => key === token.key)
  if (mine) return kept(connection, taking, there)
  if (tokens.length >= limit) return noRoom(tokens, limit)
  if (there.length >= limit) await merged(connection, scope, there)
  else if (await added(connection, taking, shards)) return { taken: true }
  return undefined
}

/** Adds a token where there is room. */
async function added(
  connection: Connection,
  { scope, token, limit, now }: Taking,
  shards: readonly Shard[],
): Promise<boolean> {
  const of = new Map(shards.map((shard) => [shard.shard, shard]))
  const counted = new Map(shards.map((shard) => [shard.shard, placed([shard], now).length]))
  for (const { shard: index, most } of inOrderOf(token.key, roomOf(counted, limit))) {
    const shard = of.get(index) ?? emptyShard(index)
    const alive = [...shard.ends].filter(([, until]) => counts({ until }, now))
    // Tokens that have ended are in the count of the item: they go first, and nobody may have changed it meanwhile.
    const asItIs = shard.version > 0 && alive.length === shard.ends.size
    const change = asItIs
      ? addition(connection, scope, shard, token, most)
      : replacement(connection, scope, shard, new Map([...alive, [token.key, token.until]]))
    if (await changed(connection, change)) return true
  }
  return false
}

/**
 * By chance, but each key in an order of its own: of two who take the same one at once, the second then mostly finds
 * that of the first. Where it does not, the key is in two shards until they are needed: see `merged`.
 */
function inOrderOf(key: string, rooms: readonly Room[]): Room[] {
  const place = ({ shard }: Room) => createHash('sha256').update(`${shard} ${key}`).digest('hex')
  return rooms
    .map((room) => ({ room, place: place(room) }))
    .sort((a, b) => byText(a.place, b.place))
    .map(({ room }) => room)
}

/** One that is there is had, and ends later where it shall. */
async function kept(
  connection: Connection,
  { scope, token: { key, until } }: Taking,
  there: readonly Placed[],
): Promise<TokenResult | undefined> {
  const copies = there.filter((each) => each.key === key).sort((a, b) => b.until - a.until)
  const [mine] = copies
  if (!mine || mine.until >= until) return { taken: true }
  const change = extension(connection, scope, mine.shard, { key, until, read: mine.until })
  return (await changed(connection, change)) ? { taken: true } : undefined
}

/** Makes one of each token that is in several shards: as a transaction, so that at no moment it is in none. */
async function merged(connection: Connection, scope: string, there: readonly Placed[]): Promise<void> {
  const copies = Map.groupBy(there, ({ key }) => key)
  for (const [key, [one, other]] of copies) {
    if (!one || !other) continue
    const until = Math.max(one.until, other.until)
    await transact(connection, [
      { Update: extension(connection, scope, one.shard, { key, until, read: one.until }) },
      { Update: removal(connection, scope, other.shard, { key, until: other.until }) },
    ])
  }
}

async function dropped(connection: Connection, scope: string, key: string): Promise<null | undefined> {
  const shards = await shardsOf(connection, scope)
  const removals = shards.flatMap((shard) => {
    const until = shard.ends.get(key)
    return until === undefined ? [] : [removal(connection, scope, shard, { key, until })]
  })
  const done = await Promise.all(removals.map((each) => changed(connection, each)))
  return done.every(Boolean) ? null : undefined
}

/** Takes out of a shard what was in it at first. */
async function cleared(connection: Connection, scope: string, first: Shard): Promise<null | undefined> {
  const item = await getItem(connection, tokenShardKey(scope, first.shard))
  if (!item) return null
  const now = shardOf(item)
  const left = [...now.ends].filter(([key, until]) => first.ends.get(key) !== until)
  if (left.length === now.ends.size) return null
  return (await changed(connection, replacement(connection, scope, now, new Map(left)))) ? null : undefined
}

function placed(shards: readonly Shard[], now: number): Placed[] {
  return shards.flatMap((shard) =>
    [...shard.ends].flatMap(([key, until]) => (counts({ until }, now) ? [{ key, until, shard }] : [])),
  )
}

/** Each key once, with its last end. */
function distinct(there: readonly Placed[]): Token[] {
  const ends = new Map<string, number>()
  for (const { key, until } of there) ends.set(key, Math.max(until, ends.get(key) ?? until))
  return [...ends].map(([key, until]) => ({ key, until }))
}
