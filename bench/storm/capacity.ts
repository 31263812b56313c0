/**
 * What DynamoDB charges on demand:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Record<string, AttributeValue>

/** An index of which the entries hold keys only, by the names of its own two. */
export interface KeysOnly {
  hash: string
  range: string
}

/**
 * Bytes: names and values.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item | undefined): number {
  const sizes = Object.entries(item ?? {}).map(([name, value]) => Buffer.byteLength(name) + valueSize(value))
  return sum(sizes)
}

function valueSize({ S, N, B, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S)
  if (N !== undefined) return Math.ceil(N.length / 2) + 1
  if (B !== undefined) return B.byteLength
  if (SS !== undefined) return sum(SS.map((text) => Buffer.byteLength(text)))
  // A list or a map takes 3 bytes, and one more for each of its elements.
  if (L !== undefined) return 3 + sum(L.map((each) => 1 + valueSize(each)))
  if (M !== undefined) return 3 + Object.keys(M).length + itemSize(M)
  return 1
}

/** Write units of one item in one request: of what was there and what is there, the larger counts. */
export function writeUnits(
  before: Item | undefined,
  after: Item | undefined,
  transactional: boolean,
): number {
  const size = Math.max(itemSize(before), itemSize(after), 1)
  return (transactional ? 2 : 1) * Math.ceil(size / 1024)
}

/** Write units of an index: one for an entry that comes or goes, none for one that stays as it is. */
export function indexUnits(before: Item | undefined, after: Item | undefined, index: KeysOnly): number {
  const [old, now] = [entryOf(before, index), entryOf(after, index)]
  if (JSON.stringify(old) === JSON.stringify(now)) return 0
  return [old, now].filter((entry) => entry !== undefined).length
}

export function entryOf(item: Item | undefined, { hash, range }: KeysOnly): Item | undefined {
  if (!item?.[hash] || !item[range]) return undefined
  return { PK: item.PK!, SK: item.SK!, [hash]: item[hash], [range]: item[range] }
}

export type ReadKind = 'eventual' | 'strong' | 'transactional'
const PER_4_KB: Record<ReadKind, number> = { eventual: 0.5, strong: 1, transactional: 2 }

/** Read units of an item, or of all items that a query gave. */
export function readUnits(bytes: number, kind: ReadKind): number {
  return PER_4_KB[kind] * Math.ceil(Math.max(bytes, 1) / 4096)
}

/** Bytes that an item takes in the table and its indexes: 100 more each. */
export function storedBytes(item: Item, indexes: readonly KeysOnly[]): number {
  const entries = indexes.map((index) => entryOf(item, index)).filter((entry) => entry !== undefined)
  return sum([item, ...entries].map((each) => itemSize(each) + 100))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
