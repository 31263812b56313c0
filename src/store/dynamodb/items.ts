/** Runs, locks and holds as items of the run table, and back. */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { canonicalJson } from '../../playbook/json.ts'
import type { Decision, Run } from '../../run/run.ts'
import type { Lock, TimeBox } from '../../run/store.ts'
import { storedRun } from '../../run/stored-run.ts'
import type { Item } from './connection.ts'

export const text = (value: string): AttributeValue => ({ S: value })
export const number = (value: number): AttributeValue => ({ N: String(value) })
export const textOf = (item: Item | undefined, name: string) => item?.[name]?.S
export const numberOf = (item: Item | undefined, name: string) => Number(item?.[name]?.N ?? 0)

/** Bodies of more bytes than this are compressed: each kilobyte of an item costs, whatever is changed in it. */
const MOST_BODY_BYTES = 1024

/** What an update sets; `decisions` and `undoneBy` change between commits, so they stand beside the body. */
export function runAttributes({ decisions, undoneBy, ...run }: Run): Item {
  return {
    body: packed(JSON.stringify(run)),
    revision: number(run.revision),
    decisions: decisionList(decisions),
    ...(undoneBy === undefined ? {} : { undoneBy: text(undoneBy) }),
  }
}

/** Equal decisions are equal attributes, so that a condition can compare them. */
export function decisionList(decisions: readonly Decision[]): AttributeValue {
  return { L: decisions.map((decision) => text(canonicalJson(decision))) }
}

export function runOf(item: Item): Run {
  const decisions = (item.decisions?.L ?? []).map(({ S = '' }): Decision => JSON.parse(S))
  const undoneBy = textOf(item, 'undoneBy')
  return {
    ...storedRun(unpacked(item.body) ?? ''),
    decisions,
    ...(undoneBy === undefined ? {} : { undoneBy }),
  }
}

/** Compressed when it has more bytes than `most`. */
export function packed(json: string, most = MOST_BODY_BYTES): AttributeValue {
  return Buffer.byteLength(json) > most ? { B: gzipSync(json) } : text(json)
}

export function unpacked(packed: AttributeValue | undefined): string | undefined {
  return packed?.B ? gunzipSync(packed.B).toString() : packed?.S
}

export function lockOf(item: Item | undefined): Lock {
  const epoch = numberOf(item, 'epoch')
  const run = textOf(item, 'holder')
  if (run === undefined) return { epoch }
  return {
    epoch,
    lockedBy: { run, owner: textOf(item, 'leaseOwner') ?? '', until: numberOf(item, 'leaseUntil') },
  }
}

/** A hold without what the item says already; those that were stored before there were keys have none. */
type Kept = Omit<TimeBox, 'resource' | 'key'> & { key?: string }

/** Holds of more bytes than this are compressed: version 0.1 reads them plain. */
const MOST_PLAIN_BYTES = 100_000

/** Equal holds in equal order are equal attributes, so that a condition can compare them. */
export function holdersOf(resource: string, timeBoxes: readonly TimeBox[]): AttributeValue {
  const kept = timeBoxes.map(
    ({ resource: _, key, ...rest }): Kept => ({ ...rest, key: shortened(resource, key) }),
  )
  return packed(JSON.stringify(kept), MOST_PLAIN_BYTES)
}

/** @param resource the set: most keys begin with it */
export function timeBoxesIn(resource: string, holders: AttributeValue | undefined): TimeBox[] {
  return (JSON.parse(unpacked(holders) ?? '[]') as Kept[]).map(({ key, ...timeBox }) => ({
    ...timeBox,
    resource,
    key: key === undefined ? timeBox.run : whole(resource, key),
  }))
}

/** `<set>#<finding>` as `#<finding>`: no other key begins with `#`. */
function shortened(resource: string, key: string): string {
  return key.startsWith(`${resource}#`) ? key.slice(resource.length) : key
}

function whole(resource: string, key: string): string {
  return key.startsWith('#') ? resource + key : key
}
