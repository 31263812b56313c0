import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Key, keyOf } from './keys.ts'

type Item = Record<string, AttributeValue>

/** Reads one item by its key, strongly. */
export type Get = (key: Key) => Promise<Item | undefined>

/** An item that was asked for, and by whom. */
interface Asked {
  key: Key
  callers: { resolve(item: Item | undefined): void; reject(error: unknown): void }[]
}

/**
 * Reads of one tick go out as one: runs that are carried side by side ask for their pointers, their locks and the kill
 * switch at the same moments. Each is a strong read that begins after it was asked for, as if it went alone.
 * @param one reads by itself what is asked for alone
 * @param many those of the items that are there, in any order
 */
export function gatheredGets(one: Get, many: (keys: Key[]) => Promise<Item[]>): Get {
  let waiting = new Map<string, Asked>()

  async function itemsOf(keys: Key[]): Promise<Map<string, Item>> {
    const [first, ...others] = keys
    const alone = first && others.length === 0 ? await one(first) : undefined
    const items = others.length > 0 ? await many(keys) : alone ? [alone] : []
    return new Map(items.map((item) => [nameOf(keyOf(item)), item]))
  }

  async function send(): Promise<void> {
    const asked = waiting
    waiting = new Map()
    try {
      const items = await itemsOf([...asked.values()].map(({ key }) => key))
      for (const [name, { callers }] of asked) for (const { resolve } of callers) resolve(items.get(name))
    } catch (error) {
      for (const { callers } of asked.values()) for (const { reject } of callers) reject(error)
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void send())
      const asked = waiting.get(nameOf(key)) ?? { key, callers: [] }
      asked.callers.push({ resolve, reject })
      waiting.set(nameOf(key), asked)
    })
}

/** A key as text. */
export function nameOf({ PK, SK }: Key): string {
  return JSON.stringify([PK.S, SK.S])
}
