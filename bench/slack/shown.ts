import type { Run } from '../../src/run/run.ts'
import type { SlackCall } from '../../src/sandbox/slack/api/web-api.ts'
import { spread } from '../figures.ts'
import type { Shown } from './approvals.ts'
import { type Channel, limitedIn, type StandingCard } from './channel.ts'
import { until } from './until.ts'

const PATIENCE = { patienceMs: 30 * 60_000, pollMs: 500 }

/** Has all groups found at once, and waits until each has its buttons in the channel. */
export async function shown(
  channel: Channel,
  groups: readonly string[],
): Promise<{ cards: StandingCard[]; shown: Shown }> {
  const { slack, stack, store } = channel
  const from = slack.calls.length
  const start = Date.now()
  await channel.find('asked', groups)
  const cards = await allCards(channel, new Set(groups))
  await stack.quiet()
  // As they were asked; what is read later may have moved.
  const runs = await Promise.all(cards.map(async ({ run }) => (await store.get(run.id))!))
  return { cards, shown: howShown(runs, slack.calls.slice(from), start) }
}

async function allCards(channel: Channel, groups: Set<string>): Promise<StandingCard[]> {
  return until(
    () => `${groups.size} runs in the channel, of which ${channel.buttons('approve').size} stand there`,
    async () => {
      const buttons = channel.buttons('approve')
      if (buttons.size < groups.size) return undefined
      const runs = (await channel.store.list()).filter(({ target }) => groups.has(target.id))
      const cards = runs.flatMap((run) => {
        const button = buttons.get(run.id)
        return button ? [{ run, ...button }] : []
      })
      return cards.length === groups.size ? cards : undefined
    },
    PATIENCE,
  )
}

/** When a run stood there is when Slack took the first message, or the first change of one, that has it. */
function howShown(runs: readonly Run[], calls: readonly SlackCall[], start: number): Shown {
  const taken = calls
    .filter(({ method, status, error }) => WRITES.includes(method) && status === 200 && error === undefined)
    .map(({ method, at, args }) => ({ method, at, text: JSON.stringify(args) }))
  const times = runs.map(({ id, asked }) => {
    const first = taken.find(({ text }) => text.includes(id))
    if (!first || !asked) throw new Error(`run ${id} was ${asked ? 'shown by no call' : 'never asked'}`)
    return { asked: Date.parse(asked.at), shown: first.at }
  })
  const at = times.map(({ shown }) => shown)
  const [first, last] = [Math.min(...at), Math.max(...at)]
  const count = (name: string) => taken.filter(({ method }) => method === name).length
  return {
    runs: runs.length,
    askedSeconds: (Math.max(...times.map(({ asked }) => asked)) - start) / 1000,
    shownSeconds: (last - start) / 1000,
    perSecond: runs.length / ((last - first) / 1000),
    lag: spread(times.map(({ asked, shown }) => (shown - asked) / 1000)),
    posts: count('chat.postMessage'),
    updates: count('chat.update'),
    limited: limitedIn(calls),
  }
}

const WRITES = ['chat.postMessage', 'chat.update']
