import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { approveRun, declineRun } from '../../src/engine/decide/decisions.ts'
import type { Run } from '../../src/run/run.ts'
import type { SlackFaults } from '../../src/sandbox/slack/slack-faults.ts'
import type { StandInSlack } from '../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../src/sandbox/slack/start-slack.ts'
import { Life } from '../engine/killed-process.ts'
import { groupsChanged, opened, outcomeOf } from './model/open-groups.ts'
import { CHANNEL, slackId } from './model/people-and-policies.ts'
import { buttonsOf, messagesOf } from './model/shown-in-slack.ts'
import { SlackStack } from './model/slack-stack.ts'
import { trueAtRest } from './model/true-at-rest.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DOWN: SlackFaults['down'][] = ['reset', 'unavailable', 'page']

let slack: StandInSlack
let stack: SlackStack

beforeAll(async () => {
  slack = await startSlack({
    now: () => stack?.clock.now() ?? 0,
    receiver: (request) => stack.receive(request),
  })
})
afterAll(() => slack.stop())
beforeEach(() => {
  stack = new SlackStack(slack)
  slack.reset()
})

const groupOf = (kind: string, n: number) => `sg-0${kind}${String.fromCharCode(97 + n)}`

describe('Slack that is down for an hour', () => {
  /** Three that were asked about before, thirty while it was down; some decided by the command line meanwhile. */
  async function anHourLater(): Promise<{ before: Run[]; meanwhile: Run[] }> {
    const before: Run[] = []
    for (const n of [0, 1, 2]) before.push(await opened(stack, groupOf('x', n)))
    // Their four hours end within the outage.
    await stack.pass(4 * HOUR - 20 * MINUTE)
    slack.faults.down = DOWN[0]
    await approveRun(stack.cli('ann', new Life()), before[0]!.id, {})
    const meanwhile: Run[] = []
    for (let n = 0; n < 30; n++) {
      slack.faults.down = DOWN[Math.floor(n / 10)]
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
    slack.faults.down = undefined
    slack.calls.length = 0
    await stack.settle()
    await trueAtRest(stack, new Map())

    const waiting = meanwhile.filter((_, n) => n !== 4 && n !== 7 && n !== 11).map(({ id }) => id)
    const asked = buttonsOf(stack).filter(({ action }) => action === 'approve')
    expect(asked.map(({ about }) => about[0]?.run)).toEqual(waiting)
    expect(shown).toBe(1)
    const [old] = messagesOf(stack)
    expect(old?.text).toContain(`remediated · group ${groupOf('x', 0)}`)
    expect(old?.text).toContain(`expired · group ${groupOf('x', 1)}`)
    expect(old?.text).toContain(`expired · group ${groupOf('x', 2)}`)
    expect(slack.calls.filter(({ error, status }) => error === 'ratelimited' || status === 429)).toEqual([])
  })

  test('lets nothing be changed that nobody approved, and by the command line all that somebody did', async () => {
    const { before, meanwhile } = await anHourLater()
    const approved = [groupOf('x', 0), groupOf('y', 4), groupOf('y', 11)]
    expect(groupsChanged(stack)).toEqual(approved)
    expect(await outcomeOf(stack, meanwhile[7]!)).toBe('declined')
    slack.faults.down = undefined
    await stack.settle()
    expect(groupsChanged(stack)).toEqual(approved)
    expect(stack.ledger.violations).toEqual([])

    const { ts, value } = buttonsOf(stack).find(
      ({ action, about }) => action === 'approve' && about[0]?.run === meanwhile[0]!.id,
    )!
    await slack.click({ user: slackId('ben'), channel: CHANNEL, ts, action_id: 'approve', value })
    // Somebody's screen still shows one that expired.
    const late = `${before[1]!.id}:${before[1]!.plan!.hash}`
    await slack.click({ user: slackId('ben'), channel: CHANNEL, ts, action_id: 'approve', value: late })
    await stack.settle()
    expect(groupsChanged(stack)).toEqual([...approved, groupOf('y', 0)].sort())
    expect(slack.state().ephemeral.map(({ user, text }) => [user, text])).toEqual([
      [slackId('ben'), expect.stringContaining('expired')],
    ])
  })
})

test('a click while Slack does not say who clicks decides nothing, and counts when it does', async () => {
  const run = await opened(stack, groupOf('x', 0))
  const { ts, value } = buttonsOf(stack).find(({ action }) => action === 'approve')!
  const click = { user: slackId('ann'), channel: CHANNEL, ts, action_id: 'approve', value }
  slack.faults.down = 'unavailable'
  await slack.click(click)
  await stack.pass(MINUTE)
  expect(stack.refusals).toMatchObject([{ user: slackId('ann'), why: 'memberUnread' }])
  expect(groupsChanged(stack)).toEqual([])
  slack.faults.down = undefined
  await slack.click(click)
  await stack.settle()
  expect(await outcomeOf(stack, run)).toBe('remediated')
})
