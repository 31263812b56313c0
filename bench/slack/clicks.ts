import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultRule } from '../../src/sandbox/front/faults.ts'
import { spread } from '../figures.ts'
import type { Decided } from './approvals.ts'
import { type Channel, limitedIn, type StandingCard } from './channel.ts'
import { until } from './until.ts'

/** Between two clicks (ms): Slack says 100 times a minute who somebody is. */
const BETWEEN_MS = 1_000

/**
 * Approves cards one after the other, and with each click another group is found that is closed without anybody's
 * word. The next one comes when the change of the one before is sent.
 * @param automatic open groups; those that are used are taken out
 */
export async function decided(
  channel: Channel,
  cards: readonly StandingCard[],
  automatic: string[],
): Promise<Decided> {
  const { slack, store, stack } = channel
  const waiting = channel.buttons('approve').size
  const from = slack.calls.length
  const times: { answer: number; change: number }[] = []
  const beside = automatic.splice(0, cards.length)
  for (const [place, card] of cards.entries()) {
    await channel.find('automatic', [beside[place]!])
    const next = sleep(BETWEEN_MS)
    times.push(await clicked(channel, card))
    await next
  }
  await stack.quiet()
  const its = new Set([...beside, ...cards.map(({ run }) => run.target.id)])
  await until(
    () => 'all runs are remediated',
    async () => {
      const runs = (await store.list()).filter(({ target }) => its.has(target.id))
      const wrong = runs.find(({ state, outcome }) => state === 'closed' && outcome !== 'remediated')
      if (wrong) throw new Error(`a run is ${wrong.outcome}: ${wrong.reason}`)
      return runs.length === its.size && runs.every(({ state }) => state === 'closed') ? true : undefined
    },
    { pollMs: 500 },
  )
  return {
    waiting,
    answer: spread(times.map(({ answer }) => answer)),
    change: spread(times.map(({ change }) => change)),
    limited: limitedIn(slack.calls.slice(from)),
  }
}

async function clicked(channel: Channel, card: StandingCard): Promise<{ answer: number; change: number }> {
  const { sandbox, slack } = channel
  const group = card.run.target.id
  let looked = sandbox.requests.length
  const start = Date.now()
  const answer = await press(channel, card)
  const change = await until(
    () => `the change of ${group}; the person was told: ${slack.state().ephemeral.at(-1)?.text}`,
    () => {
      for (; looked < sandbox.requests.length; looked++) {
        const { operation, dryRun, input, at } = sandbox.requests[looked]!
        if (operation === 'RevokeSecurityGroupIngress' && !dryRun && input.GroupId === group)
          return at - start
      }
      return undefined
    },
  )
  return { answer, change }
}

/** Approves cards one after the other, each with nothing beside, until it shows its end. */
export async function approvedToEnd(channel: Channel, cards: readonly StandingCard[]): Promise<void> {
  for (const card of cards) {
    await press(channel, card)
    await channel.ended(card.run.id)
    await channel.stack.quiet()
  }
}

/** Does something while a rule holds for the requests, and waits until all that the functions did is told. */
export async function under(
  { sandbox, stack }: Channel,
  rule: FaultRule,
  act: () => Promise<void>,
): Promise<void> {
  sandbox.faults.push(rule)
  await act()
  await stack.invocations()
  sandbox.faults.splice(sandbox.faults.indexOf(rule), 1)
}

/** A click that approves; ms until it was answered. */
async function press({ slack }: Channel, { ts, value }: StandingCard): Promise<number> {
  const click = { user: slack.users.ann!, channel: slack.channel, ts, action_id: 'approve', value }
  const { status, ms, error } = await slack.click(click)
  if (status !== 200) throw new Error(`the click was answered ${status} ${error ?? ''}`)
  return ms
}
