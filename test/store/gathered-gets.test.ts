import { expect, test } from '@jest/globals'
import { gatheredGets } from '../../src/store/dynamodb/gathered-gets.ts'
import { controlKey, type Key, lockKey, runKey } from '../../src/store/dynamodb/keys.ts'

const itemAt = (key: Key) => ({ ...key, body: { S: JSON.stringify(key) } })

/** A table in which nothing but these items is, and what it is asked for. */
function table(...there: Key[]) {
  const asked: Key[][] = []
  const holds = (key: Key) => there.some((each) => JSON.stringify(each) === JSON.stringify(key))
  const get = gatheredGets(
    async (key) => {
      asked.push([key])
      return holds(key) ? itemAt(key) : undefined
    },
    async (keys) => {
      asked.push(keys)
      return keys.filter(holds).map(itemAt).toReversed()
    },
  )
  return { asked, get }
}

test('reads of one tick are one request, each item asked for once, and each caller gets its own', async () => {
  const [run, lock, control] = [runKey('run-1'), lockKey('arn'), controlKey()]
  const { get, asked } = table(run, control)
  const items = await Promise.all([run, lock, control, control].map(get))
  expect(items).toEqual([itemAt(run), undefined, itemAt(control), itemAt(control)])
  expect(asked).toEqual([[run, lock, control]])
})

test('a read that is asked for later is a read of its own: it sees what was written in between', async () => {
  const { get, asked } = table(controlKey())
  await get(controlKey())
  await get(controlKey())
  expect(asked).toEqual([[controlKey()], [controlKey()]])
})

test('what fails together is read one by one: one key that cannot be read is its own reader’s error', async () => {
  const bad = runKey('x'.repeat(3000))
  const one = async (key: Key) => {
    if (key === bad) throw new Error('key too long')
    return itemAt(key)
  }
  const get = gatheredGets(one, async () => Promise.reject(new Error('key too long')))
  const [run, broken, control] = await Promise.allSettled([get(runKey('run-1')), get(bad), get(controlKey())])
  expect([run.status, broken.status, control.status]).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('an error goes to all who asked, and to nobody after them', async () => {
  let isDown = true
  const down = async () => {
    if (isDown) throw new Error('down')
    return undefined
  }
  const get = gatheredGets(down, async () => (await down()) ?? [])
  const both = await Promise.allSettled([get(runKey('run-1')), get(runKey('run-2'))])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isDown = false
  expect(await get(runKey('run-1'))).toBeUndefined()
})
