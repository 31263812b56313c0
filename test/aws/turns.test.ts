import { describe, expect, test } from '@jest/globals'
import { Turns } from '../../src/aws/attempts/turns.ts'
import { VirtualTime } from '../support/virtual-time.ts'

/** When a service says "too fast": always by its token bucket, or for one request only. */
interface Service {
  /** ms from a request to its answer. */
  latency: number
  bucket?: { size: number; perSecond: number }
  /** Number of the request that is throttled, from 1. */
  throttled?: number
}

/** Sends so many requests, each again when it was throttled, at most four times; one after the other if `at` says so. */
async function sent(count: number, { latency, bucket, throttled }: Service) {
  const time = new VirtualTime()
  const turns = new Turns(32, time)
  let requests = 0
  let underWay = 0
  const seen = { most: 0, failed: 0 }
  let tokens = bucket?.size ?? Number.POSITIVE_INFINITY
  let filledAt = 0

  function tooFast(): boolean {
    if (requests === throttled) return true
    if (!bucket) return false
    tokens = Math.min(bucket.size, tokens + ((time.now() - filledAt) / 1000) * bucket.perSecond)
    filledAt = time.now()
    if (tokens < 1) return true
    tokens -= 1
    return false
  }

  async function send(): Promise<void> {
    for (let attempt = 1; attempt <= 4; attempt++) {
      const turn = await turns.take('ec2', { again: attempt > 1 })
      requests += 1
      underWay += 1
      seen.most = Math.max(seen.most, underWay)
      const refused = tooFast()
      await time.sleep(latency)
      underWay -= 1
      turn.end(refused ? 'throttled' : 'answered')
      if (!refused) return
      // As long as `Retries` pauses on average.
      await time.sleep(attempt === 1 ? 12 : 500 * 2 ** (attempt - 2))
    }
    seen.failed += 1
  }

  const all = Promise.all(Array.from({ length: count }, send))
  await time.pass()
  await all
  return { requests, ms: time.now(), ...seen }
}

describe('requests that take turns', () => {
  test('are never more under way than allowed, over all services', async () => {
    const time = new VirtualTime()
    const turns = new Turns(3, time)
    let underWay = 0
    let most = 0
    const one = async (service: string) => {
      const turn = await turns.take(service)
      underWay += 1
      most = Math.max(most, underWay)
      await time.sleep(10)
      underWay -= 1
      turn.end('answered')
    }
    const all = Promise.all(Array.from({ length: 20 }, (_, n) => one(n % 2 ? 'ec2' : 'wafv2')))
    await time.pass()
    await all
    expect(most).toBe(3)
  })

  test.each([5, 40, 120])('lose next to nothing by one throttle (answers after %i ms)', async (latency) => {
    const calm = await sent(200, { latency })
    const once = await sent(200, { latency, throttled: 50 })
    expect(calm).toEqual({ requests: 200, ms: 7 * latency, most: 32, failed: 0 })
    expect(once).toMatchObject({ requests: 201, failed: 0 })
    // The pause of the one call, and a round for it.
    expect(once.ms).toBeLessThanOrEqual(Math.max(1.3 * calm.ms, calm.ms + 25 + latency))
  })

  // https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html: reads, unfiltered reads, changes.
  const BUCKETS = [
    [200, { size: 100, perSecond: 20 }],
    [200, { size: 50, perSecond: 10 }],
    [900, { size: 50, perSecond: 5 }],
    [200, { size: 10, perSecond: 50 }],
  ] as const
  const SLOW = BUCKETS.flatMap(([count, bucket]) => [5, 60].map((latency) => ({ count, latency, ...bucket })))

  test.each(SLOW)(
    'cost at most 1.3 times the calls where the service lasts at $perSecond a second ($count calls, $latency ms)',
    async ({ count, latency, size, perSecond }) => {
      const { requests, ms, failed } = await sent(count, { latency, bucket: { size, perSecond } })
      const perfect = ((count - size) / perSecond) * 1000
      expect(requests / count).toBeLessThanOrEqual(1.3)
      expect(failed).toBe(0)
      // No faster than the service allows: a storm slows down. And not much slower than that.
      expect(ms / perfect).toBeGreaterThan(0.98)
      expect(ms / perfect).toBeLessThan(1.25)
    },
  )

  test('are as fast as before a while after a storm', async () => {
    const time = new VirtualTime()
    const turns = new Turns(32, time)
    const burst = async (how: 'throttled' | 'answered') => {
      const start = time.now()
      const all = Array.from({ length: 64 }, async () => {
        const turn = await turns.take('ec2')
        await time.sleep(10)
        turn.end(how)
      })
      await time.pass()
      await Promise.all(all)
      return time.now() - start
    }
    expect(await burst('answered')).toBe(20)
    expect(await burst('throttled')).toBeGreaterThan(1000)
    const later = time.sleep(11_000)
    await time.pass()
    await later
    expect(await burst('answered')).toBe(20)
  })

  test('of one service do not wait for those of another that is throttled', async () => {
    const time = new VirtualTime()
    const turns = new Turns(4, time)
    const refused = await Promise.all([turns.take('ec2'), turns.take('ec2'), turns.take('ec2')])
    for (const turn of refused) turn.end('throttled')
    const done: string[] = []
    const queued = Array.from({ length: 10 }, async () => {
      const turn = await turns.take('ec2')
      turn.end('answered')
      done.push('ec2')
    })
    const other = turns.take('wafv2').then((turn) => {
      turn.end('answered')
      done.push('wafv2')
    })
    await time.pass()
    await Promise.all([...queued, other])
    expect(done[0]).toBe('wafv2')
  })

  test('that wait are given up when their time is over, and take up no turn', async () => {
    const turns = new Turns(1, new VirtualTime())
    const first = await turns.take('ec2')
    const over = new AbortController()
    const second = turns.take('ec2', { signal: over.signal })
    const third = turns.take('ec2')
    over.abort(new Error('over'))
    await expect(second).rejects.toThrow('over')
    first.end('answered')
    await expect(third).resolves.toBeDefined()
    await expect(turns.take('ec2', { signal: over.signal })).rejects.toThrow('over')
  })
})
