/** The holds of a bucket as an attribute of its item, and back. */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { text } from './dynamodb-items.ts'
import type { Hold } from './store.ts'

/** A hold without what the item says already; those that were stored before there were keys have none. */
type Kept = Omit<Hold, 'resource' | 'key'> & { key?: string }

/** An attribute of more bytes than this is compressed: an item takes 400 kB. */
const MOST_PLAIN_BYTES = 100_000

/** Equal holds in equal order are equal attributes, so that a condition can compare them. */
export function holdersOf(resource: string, holds: readonly Hold[]): AttributeValue {
  const kept = holds.map(
    ({ resource: _, key, ...rest }): Kept => ({ ...rest, key: shortened(resource, key) }),
  )
  const json = JSON.stringify(kept)
  return Buffer.byteLength(json) > MOST_PLAIN_BYTES ? { B: gzipSync(json) } : text(json)
}

/** @param resource the set: most keys begin with it */
export function holdsIn(resource: string, holders: AttributeValue | undefined): Hold[] {
  if (!holders) return []
  const json = holders.B ? gunzipSync(holders.B).toString() : (holders.S ?? '[]')
  return (JSON.parse(json) as Kept[]).map(({ key, ...hold }) => ({
    ...hold,
    resource,
    key: key === undefined ? hold.run : whole(resource, key),
  }))
}

/** `<set>#<finding>` as `#<finding>`: no other key begins with `#`. */
function shortened(resource: string, key: string): string {
  return key.startsWith(`${resource}#`) ? key.slice(resource.length) : key
}

function whole(resource: string, key: string): string {
  return key.startsWith('#') ? resource + key : key
}
