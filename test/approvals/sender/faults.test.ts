import { beforeEach, describe, expect, test } from '@jest/globals'
import { pacedSlack } from '../../../src/approvals/sender/paced-slack.ts'
import { reconcile } from '../../../src/approvals/sender/reconcile.ts'
import type { CardMessage } from '../../../src/queue/cards-queue.ts'
import { asking, CardsAtWork, closedAs, decided } from './cards-at-work.ts'

let at: CardsAtWork
beforeEach(() => {
  at = new CardsAtWork()
})
const HOUR = 3_600_000

describe('a post whose answer is lost', () => {
  test('is found by its metadata and not made again', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = ['lost']
    await at.post(run)
    expect(at.texts()).toEqual(['a waiting/approval 0 decided'])
    expect(at.slack.times('post')).toHaveLength(1)
    expect((await at.cards.cardOf('a'))?.ts).toBe(at.slack.cards()[0]!.ts)
  })

  test('is made again where it does not stand', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = ['unheard', 'unheard', 'none', 'unheard']
    await at.post(run)
    expect(at.texts()).toEqual(['a waiting/approval 0 decided'])
  })

  test('is found for a run that has ended meanwhile, and shows its end', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = ['lost']
    await at.once([{ run: 'a', round: 1, post: true }])
    at.put(closedAs(run, 'remediated'))
    at.clock.advance(30_000)
    await at.post(run)
    expect(at.texts()).toEqual(['a closed/remediated 0 decided'])
  })

  test('is not looked for, nor its card changed, while it may still be under way', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = ['unheard']
    await at.once([{ run: 'a', round: 1, post: true }])
    at.clock.advance(18_000)
    expect(await at.once([{ run: 'a', round: 1, post: true }])).toMatchObject({
      done: 0,
      error: { seconds: 2 },
    })
    expect(at.slack.times('history')).toEqual([])
  })
})

test('an update whose answer is lost is made again', async () => {
  const run = asking('a')
  at.put(run)
  await at.post(run)
  at.put(decided(run))
  at.slack.faults = ['unheard']
  await at.update(run)
  expect(at.texts()).toEqual(['a waiting/approval 1 decided'])
})

test('an update whose answer is lost is taken back where its run stands as it was shown before', async () => {
  const run = asking('a')
  at.put(run)
  await at.post(run)
  at.put(decided(run))
  at.slack.faults = ['lost']
  await at.once([{ run: 'a', round: 1, post: false }])
  at.put(run)
  at.clock.advance(30_000)
  await at.update(run)
  expect(at.texts()).toEqual(['a waiting/approval 0 decided'])
})

test('one that is slow cannot put its old state over a newer one', async () => {
  const run = asking('a')
  at.put(run)
  await at.post(run)
  at.put(decided(run))
  const slack = at.slack.api()
  const between: unknown[] = []
  await at.once([{ run: 'a', round: 1, post: false }], {
    slack: {
      ...slack,
      async update(message) {
        at.put(closedAs(decided(run), 'remediated'))
        between.push((await at.once([{ run: 'a', round: 1, post: false }])).error)
        await slack.update(message)
      },
    },
  })
  expect(between).toEqual([expect.objectContaining({ name: 'ComeLater' })])
  await at.update(run)
  expect(at.texts()).toEqual(['a closed/remediated 1 decided'])
})

describe('Slack that is down for an hour', () => {
  test('has then every card once, in order, as its run stands by then', async () => {
    const runs = Array.from({ length: 30 }, (_, n) => asking(`r${String(n).padStart(2, '0')}`))
    at.put(...runs)
    at.slack.isDown = true
    const up = at.clock.now() + HOUR
    const messages: CardMessage[] = runs.map(({ id }) => ({ run: id, round: 1, post: true }))
    while (at.clock.now() < up) {
      const { done, error } = await at.once(messages.slice(0, 10))
      expect(done).toBe(0)
      expect(error).toBeDefined()
      at.clock.advance(30_000)
    }
    at.slack.isDown = false
    at.put(decided(runs[3]!))
    await at.group(messages)
    expect(at.texts()).toEqual(runs.map(({ id }, n) => `${id} waiting/approval ${n === 3 ? 1 : 0} decided`))
  })

  test('ends an invocation in time, whatever is to be said in threads, and goes on with the next one', async () => {
    const runs = Array.from({ length: 10 }, (_, n) => asking(`r${n}`))
    at.put(...runs)
    await at.post(...runs)
    at.put(
      ...runs.map((run) => ({ ...run, asked: { at: run.startedAt, level: 0, reminded: 'half' as const } })),
    )
    const messages = runs.map(({ id }) => ({ run: id, round: 1, post: false }))
    const endsAt = at.clock.now() + 3_000
    const slack = pacedSlack(at.slack.api(), at.clock, endsAt + 60_000)
    const { done, error } = await reconcile(at.ports({ slack }), messages, () => at.clock.now() < endsAt)
    expect(error).toBeUndefined()
    expect(done).toBeGreaterThan(0)
    expect(at.clock.now()).toBeLessThanOrEqual(endsAt + 1_000)
    await at.group(messages.slice(done))
    expect(at.slack.cards().map((card) => at.slack.threadOf(card).length)).toEqual(runs.map(() => 1))
  })

  test('is asked about one card of a channel at a time', async () => {
    const runs = Array.from({ length: 10 }, (_, n) => asking(`r${n}`))
    at.put(...runs)
    at.slack.isDown = true
    await at.once(runs.map(({ id }) => ({ run: id, round: 1, post: true })))
    expect(at.slack.calls).toHaveLength(1)
  })
})

describe('the rate', () => {
  test('is one message a second in a channel, cards and threads together, over the ends of invocations too', async () => {
    const runs = Array.from({ length: 12 }, (_, n) => asking(`r${n}`, n % 2 ? { parameters: 'long' } : {}))
    at.put(...runs)
    await at.post(...runs)
    const times = [...at.slack.times('post'), ...at.slack.times('upload')].sort((a, b) => a - b)
    expect(times).toHaveLength(18)
    const gaps = times.slice(1).map((time, n) => time - times[n]!)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000)
    expect(at.clock.now() - times[0]!).toBeLessThan(30_000)
  })

  test.each([
    [2, 1],
    [40, 2],
  ])('waits the %i s that Slack asks for, in %i invocations', async (seconds, invocations) => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = [{ limited: seconds }]
    let count = 0
    for (let done = 0; done === 0; count++) {
      const answer = await at.once([{ run: 'a', round: 1, post: true }])
      done = answer.done
      if (answer.error) at.clock.advance(seconds * 1000)
    }
    expect(count).toBe(invocations)
    const [first, second] = at.slack.times('post')
    expect(second! - first!).toBeGreaterThanOrEqual(seconds * 1000)
    expect(second! - first!).toBeLessThanOrEqual((seconds + 1) * 1000)
    expect(at.texts()).toHaveLength(1)
  })
})

test('a card that Slack did not take is free as soon as Slack takes it', async () => {
  const run = asking('a')
  at.put(run)
  at.slack.faults = [{ limited: 6 }]
  await at.once([{ run: 'a', round: 1, post: true }])
  at.clock.advance(6_000)
  expect(await at.once([{ run: 'a', round: 1, post: true }])).toEqual({ done: 1 })
})

describe('what Slack refuses', () => {
  test.each(['channel_not_found', 'not_in_channel', 'is_archived'])(
    'for good (%s) is told and holds nobody up',
    async (code) => {
      const runs = [asking('a'), asking('b')]
      at.put(...runs)
      at.slack.faults = [{ refused: code }]
      await at.post(...runs)
      expect(at.texts()).toEqual(['b waiting/approval 0 decided'])
      expect(at.events.filter(({ kind }) => kind === 'refused')).toMatchObject([
        { about: 'a', error: { code } },
      ])
    },
  )

  test('of blocks is told and said in words, without the buttons of before', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = [{ refused: 'invalid_blocks' }]
    await at.post(run)
    expect(at.slack.cards()).toMatchObject([{ text: 'a waiting/approval 0 decided', blocks: [] }])
    at.put(decided(run))
    await at.update(run)
    expect(at.slack.cards()).toMatchObject([{ blocks: [{ type: 'divider' }] }])
    at.put(closedAs(run, 'failed'))
    at.slack.faults = [{ refused: 'msg_blocks_too_long' }]
    await at.update(run)
    expect(at.slack.cards()).toMatchObject([{ text: 'a closed/failed 0 decided', blocks: [] }])
    expect(at.events.filter(({ kind }) => kind === 'refused')).toHaveLength(2)
  })

  test('because of the token is tried until somebody has mended it', async () => {
    const run = asking('a')
    at.put(run)
    at.slack.faults = Array(3).fill({ refused: 'token_revoked' })
    await at.post(run)
    expect(at.texts()).toHaveLength(1)
    expect(at.slack.times('post')).toHaveLength(4)
  })
})
