import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Key, keyOf, nameOf } from './keys.ts'

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

  const alone = ({ key, callers }: Asked) =>
    one(key).then(
      (item) => callers.map(({ resolve }) => resolve(item)),
      (error: unknown) => callers.map(({ reject }) => reject(error)),
    )

  async function send(): Promise<void> {
    const asked = [...waiting.values()]
    waiting = new Map()
    const together = asked.length > 1 ? await settled(many(asked.map(({ key }) => key))) : undefined
    // One key may be to blame: each is told its own error, and the others are read all the same.
    if (together?.status !== 'fulfilled') return void asked.map(alone)
    const items = new Map(together.value.map((item) => [nameOf(keyOf(item)), item]))
    for (const { key, callers } of asked) for (const { resolve } of callers) resolve(items.get(nameOf(key)))
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void send())
      const asked = waiting.get(nameOf(key)) ?? { key, callers: [] }
      asked.callers.push({ resolve, reject })
      waiting.set(nameOf(key), asked)
    })
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([work])
  return result
}
