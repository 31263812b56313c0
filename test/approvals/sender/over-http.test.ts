import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { cardRenderer } from '../../../src/approvals/sender/card-renderer.ts'
import type { SenderPorts } from '../../../src/approvals/sender/sender-ports.ts'
import { slackClient } from '../../../src/approvals/slack-client.ts'
import type { CardMessage } from '../../../src/queue/cards-queue.ts'
import type { Run } from '../../../src/run/run.ts'
import type { StandInSlack } from '../../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../../src/sandbox/slack/start-slack.ts'
import { sampleStep } from '../../support/sample-run.ts'
import { asking, CardsAtWork, closedAs } from './cards-at-work.ts'

let slack: StandInSlack
let at: CardsAtWork
let ports: Pick<SenderPorts, 'slack' | 'render'>

beforeAll(async () => {
  slack = await startSlack({ now: () => at.clock.now() })
})
afterAll(() => slack.stop())
beforeEach(() => {
  at = new CardsAtWork()
  slack.reset()
  const client = slackClient({ token: slack.token, apiUrl: slack.api, timeoutMs: 2_000 })
  ports = { slack: client, render: cardRenderer('prod') }
})

const inChannel = (run: Run): Run => ({
  ...run,
  approval: { ...run.approval!, channel: slack.channel },
  waitingUntil: '2026-12-01T00:00:00.000Z',
})
const messagesOf = () => slack.state().channels.find(({ id }) => id === slack.channel)?.messages ?? []
const messages = (...runs: Run[]): CardMessage[] =>
  runs.map(({ id, round }) => ({ run: id, round, post: true }))
const cardIds = () =>
  messagesOf().map(({ metadata }) => (metadata?.event_payload as Record<string, string> | undefined)?.card)
const ranInto429 = () => slack.calls.filter((call) => JSON.stringify(call).includes('ratelimited'))

/** A plan that no card has room for. */
const long = (run: Run): Run => {
  const steps = Array.from({ length: 60 }, (_, n) =>
    sampleStep({ id: `revoke-${n}`, summary: `revoke rule ${n} `.repeat(6) }),
  )
  return { ...run, plan: { ...run.plan!, steps } }
}

test.each(['reset', 'unavailable', 'html'] as const)(
  'a Slack that is down for an hour (%s) has every card once afterwards, in order, at its own rate',
  async (down) => {
    const runs = Array.from({ length: 15 }, (_, n) => inChannel(asking(`r${String(n).padStart(2, '0')}`)))
    at.put(...runs)
    slack.faults.down = down
    const up = at.clock.now() + 3_600_000
    while (at.clock.now() < up) {
      const { done, error } = await at.once(messages(...runs), ports)
      expect([done, (error as Error).name]).toEqual([0, expect.stringMatching(/SlackUnanswered|ComeLater/)])
      at.clock.advance(300_000)
    }
    slack.faults.down = undefined
    await at.group(messages(...runs), ports)
    expect(cardIds()).toEqual(runs.map(({ id }) => `${id}-1`))
    expect(ranInto429()).toEqual([])
    expect(messagesOf()[0]?.blocks.length).toBeGreaterThan(3)
  },
)

test('an answer that is lost makes no second card', async () => {
  const run = inChannel(asking('a'))
  at.put(run)
  slack.faults.loseAnswers = 1
  await at.group(messages(run), ports)
  expect(cardIds()).toEqual(['a-1'])
  expect((await at.cards.cardOf('a'))?.ts).toBe(messagesOf()[0]?.ts)
})

test('a limit is waited out, and nothing is lost by it', async () => {
  const runs = [inChannel(asking('a')), inChannel(asking('b'))]
  at.put(...runs)
  Object.assign(slack.faults, { limit: 3, retryAfter: 20 })
  await at.group(messages(...runs), ports)
  expect(cardIds()).toEqual(['a-1', 'b-1'])
})

test('a plan that no card has room for goes into the thread as a file, once though its answer is lost', async () => {
  const run = long(inChannel(asking('a')))
  at.put(run)
  Object.assign(slack.faults, { methods: ['files.completeUploadExternal'], loseAnswers: 1 })
  await at.group(messages(run), ports)
  const files = messagesOf()[0]?.replies.flatMap((reply) => reply.files) ?? []
  expect(files.map(({ name }) => name)).toEqual([expect.stringMatching(/^plan-a-/)])
  expect(JSON.stringify(files)).toContain('revoke rule 59')
})

test('runs of a playbook are lists that Slack takes, and a run that is asked again leaves its list by a link', async () => {
  const runs = Array.from({ length: 20 }, (_, n) =>
    inChannel(asking(`r${String(n).padStart(2, '0')}`, { playbook: 'close-ssh' })),
  )
  at.put(...runs)
  await at.group(messages(...runs), ports)
  expect(at.events.filter(({ kind }) => kind === 'refused')).toEqual([])
  const [lists, ids] = [messagesOf(), cardIds()]
  expect(lists.length).toBeLessThanOrEqual(4)
  for (const run of runs) expect(JSON.stringify(lists)).toContain(`"value":"${run.id}:${run.plan?.hash}"`)
  const again = { ...runs[1]!, round: 2 }
  at.put(again)
  await at.group(messages(again), ports)
  const [list, own] = [messagesOf()[0], messagesOf().at(-1)]
  expect(cardIds()).toEqual([...ids, 'r01-2'])
  expect(JSON.stringify(list?.blocks)).toContain(`/p${own?.ts.replace('.', '')}`)
  expect(JSON.stringify(own?.blocks)).toContain(`/p${list?.ts.replace('.', '')}`)
})

test('a card that somebody deleted is posted once more and shows the end', async () => {
  const run = inChannel(asking('a'))
  at.put(run)
  await at.group(messages(run), ports)
  slack.control({ deleteMessage: { channel: slack.channel, ts: messagesOf()[0]!.ts } })
  at.put(closedAs(run, 'remediated'))
  await at.group([{ run: 'a', round: 1, post: false }], ports)
  expect(messagesOf().map(({ text }) => text)).toEqual([expect.stringContaining('remediated')])
})
