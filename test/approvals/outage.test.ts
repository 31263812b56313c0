import { beforeEach, describe, expect, test } from '@jest/globals'
import { approveRun, declineRun } from '../../src/engine/decide/decisions.ts'
import type { Run } from '../../src/run/run.ts'
import type { SlackFaults } from '../../src/sandbox/slack/slack-faults.ts'
import { Life } from '../engine/killed-process.ts'
import { groupsChanged, opened, outcomeOf } from './model/open-groups.ts'
import { CHANNEL, slackId } from './model/people-and-policies.ts'
import { buttonsOf, messagesOf } from './model/shown-in-slack.ts'
import type { SlackStack } from './model/slack-stack.ts'
import { stacksInTurn } from './model/stacks-in-turn.ts'
import { trueAtRest } from './model/true-at-rest.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DOWN: SlackFaults['down'][] = ['reset', 'unavailable', 'page']

const begin = stacksInTurn()
let stack: SlackStack

beforeEach(() => {
  stack = begin()
})

const groupOf = (kind: string, n: number) => `sg-0${kind}${String.fromCharCode(97 + n)}`

describe('Slack that is down for an hour', () => {
  /** Three that were asked about before, thirty while it was down; some decided by the command line meanwhile. */
  async function anHourLater(): Promise<{ before: Run[]; meanwhile: Run[] }> {
    const before: Run[] = []
    for (const n of [0, 1, 2]) before.push(await opened(stack, groupOf('x', n)))
    // Their four hours end within the outage.
    await stack.pass(4 * HOUR - 20 * MINUTE)
    stack.slack.faults.down = DOWN[0]
    await approveRun(stack.cli('ann', new Life()), before[0]!.id, {})
    const meanwhile: Run[] = []
    for (let n = 0; n < 30; n++) {
      stack.slack.faults.down = DOWN[Math.floor(n / 10)]
      const run = await opened(stack, groupOf(n < 15 ? 'y' : 'z', n % 15))
      meanwhile.push(run)
      if (n === 4 || n === 11) await approveRun(stack.cli('ben', new Life()), run.id, {})
      if (n === 7) await declineRun(stack.cli('ann', new Life()), run.id, 'known')
      await stack.pass(2 * MINUTE)
    }
    return { before, meanwhile }
  }

  test('has every card once and in order when it is back, and what was decided and what expired is shown', async () => {
    const { before, meanwhile } = await anHourLater()
    const shown = messagesOf(stack).length
    expect(await Promise.all(before.map((run) => outcomeOf(stack, run)))).toEqual([
      'remediated',
      'expired',
      'expired',
    ])
    stack.slack.faults.down = undefined
    stack.slack.calls.length = 0
    await stack.settle()
    await trueAtRest(stack, new Map())

    const waiting = meanwhile.filter((_, n) => n !== 4 && n !== 7 && n !== 11).map(({ id }) => id)
    const asked = buttonsOf(stack).filter(({ action }) => action === 'approve')
    expect(asked.map(({ about }) => about[0]?.run)).toEqual(waiting)
    // Also those that were decided on the command line meanwhile.
    const messages = ({ target }: Run) => messagesOf(stack).filter(({ text }) => text.includes(target.id))
    expect(meanwhile.map((run) => [run.target.id, messages(run).length])).toEqual(
      meanwhile.map(({ target }) => [target.id, 1]),
    )
    expect(shown).toBe(1)
    const [old] = messagesOf(stack)
    expect(old?.text).toContain(`remediated · group ${groupOf('x', 0)} (`)
    expect(old?.text).toContain(`expired · group ${groupOf('x', 1)} (`)
    expect(old?.text).toContain(`expired · group ${groupOf('x', 2)} (`)
    expect(
      stack.slack.calls.filter(({ error, status }) => error === 'ratelimited' || status === 429),
    ).toEqual([])
  })

  test('lets nothing be changed that nobody approved, and by the command line all that somebody did', async () => {
    const { before, meanwhile } = await anHourLater()
    const approved = [groupOf('x', 0), groupOf('y', 4), groupOf('y', 11)]
    expect(groupsChanged(stack)).toEqual(approved)
    expect(await outcomeOf(stack, meanwhile[7]!)).toBe('declined')
    stack.slack.faults.down = undefined
    await stack.settle()
    expect(groupsChanged(stack)).toEqual(approved)
    expect(stack.ledger.violations).toEqual([])

    const { ts, value } = buttonsOf(stack).find(
      ({ action, about }) => action === 'approve' && about[0]?.run === meanwhile[0]!.id,
    )!
    await stack.slack.click({ user: slackId('ben'), channel: CHANNEL, ts, action_id: 'approve', value })
    // Somebody's screen still shows one that expired.
    const late = `${before[1]!.id}:${before[1]!.plan!.hash}`
    await stack.slack.click({ user: slackId('ben'), channel: CHANNEL, ts, action_id: 'approve', value: late })
    await stack.settle()
    expect(groupsChanged(stack)).toEqual([...approved, groupOf('y', 0)].sort())
    expect(stack.slack.state().ephemeral.map(({ user, text }) => [user, text])).toEqual([
      [slackId('ben'), expect.stringContaining('expired')],
    ])
  })
})

test('a click while Slack does not say who clicks decides nothing, and counts when it does', async () => {
  const run = await opened(stack, groupOf('x', 0))
  const { ts, value } = buttonsOf(stack).find(({ action }) => action === 'approve')!
  const click = { user: slackId('ann'), channel: CHANNEL, ts, action_id: 'approve', value }
  stack.slack.faults.down = 'unavailable'
  await stack.slack.click(click)
  await stack.pass(MINUTE)
  expect(stack.refusals).toMatchObject([{ user: slackId('ann'), why: 'memberUnread' }])
  expect(groupsChanged(stack)).toEqual([])
  stack.slack.faults.down = undefined
  await stack.slack.click(click)
  await stack.settle()
  expect(await outcomeOf(stack, run)).toBe('remediated')
})
