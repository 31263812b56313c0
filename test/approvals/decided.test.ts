import { beforeEach, describe, expect, test } from '@jest/globals'
import { approveRun, declineRun } from '../../src/engine/decide/decisions.ts'
import type { Run } from '../../src/run/run.ts'
import { Life } from '../engine/killed-process.ts'
import { groupsChanged, opened, outcomeOf } from './model/open-groups.ts'
import { CHANNEL, iamArn, slackId } from './model/people-and-policies.ts'
import { buttonsOf, messagesOf } from './model/shown-in-slack.ts'
import type { SlackStack } from './model/slack-stack.ts'
import { stacksInTurn } from './model/stacks-in-turn.ts'
import { trueAtRest } from './model/true-at-rest.ts'

const begin = stacksInTurn()
let stack: SlackStack
let run: Run

beforeEach(() => anew())

async function anew(): Promise<void> {
  stack = begin()
  run = await opened(stack, 'sg-0web')
}

const actions = () => buttonsOf(stack).map(({ action }) => action)
const cardText = () => messagesOf(stack)[0]!.text
const bound = () => `${run.id}:${run.plan!.hash}`

function approves(user: string, life = new Life()) {
  stack.receiving = life
  const [message] = messagesOf(stack)
  const click = { user: slackId(user), channel: CHANNEL, ts: message!.ts, action_id: 'approve' }
  return stack.slack.click({ ...click, value: bound() })
}

describe('what was decided by the command line', () => {
  test('takes the buttons away, and a click of a screen that still has them is told who it was', async () => {
    await declineRun(stack.cli('ben', new Life()), run.id, 'not in June')
    await stack.notify()
    await stack.cards.invoke(stack.world.store, `update:${CHANNEL}`)
    expect(actions()).toEqual(['details'])
    expect(cardText()).toContain('not in June')
    await approves('ann')
    await stack.settle()
    expect(stack.slack.state().ephemeral).toMatchObject([{ user: slackId('ann') }])
    expect(stack.slack.state().ephemeral[0]?.text).toContain(iamArn('ben'))
    expect([await outcomeOf(stack, run), groupsChanged(stack)]).toEqual(['declined', []])
  })

  test('stays on the card with who, by what way and when, whatever is shown of it later', async () => {
    await approveRun(stack.cli('ben', new Life()), run.id, {})
    const updates = () => messagesOf(stack)[0]!.updates
    await stack.settle()
    expect(updates()).toBeGreaterThan(0)
    const decision = /\*Approved\* by .*ben.*command line.*2026-11-22/
    expect(cardText()).toMatch(decision)
    const before = updates()
    stack.receiving = new Life()
    const undo = buttonsOf(stack).find(({ action }) => action === 'undo')!
    await stack.slack.click({
      user: slackId('ann'),
      channel: CHANNEL,
      ts: undo.ts,
      action_id: 'undo',
      value: undo.value,
    })
    await stack.settle()
    expect(updates()).toBeGreaterThan(before)
    expect(cardText()).toMatch(decision)
  })
})

describe('an approval by a click', () => {
  test('shows that it starts until the run is claimed, and is not lost though nobody is woken', async () => {
    const { deployment } = stack
    const { send } = deployment
    deployment.send = async () => {
      throw new Error('the queue is away')
    }
    await approves('ann')
    deployment.send = send
    await stack.drain()
    expect(cardText()).toContain('Approved, starting')
    expect(actions()).toEqual(['details'])
    expect(groupsChanged(stack)).toEqual([])
    const lost = stack.clock.now()
    await stack.settle()
    expect(stack.clock.now() - lost).toBeLessThan(6 * 60_000)
    expect([await outcomeOf(stack, run), groupsChanged(stack)]).toEqual(['remediated', ['sg-0web']])
    expect(cardText()).toContain('remediated')
  })

  test('stands or was never made, wherever whoever takes it dies; what stands is carried out', async () => {
    const whole = new Life()
    await approves('ann', whole)
    expect(whole.points.length).toBeGreaterThanOrEqual(8)
    const outcomes = new Set<string | null | undefined>()
    for (const point of whole.points.keys()) {
      await anew()
      const { status } = await approves('ann', new Life(point))
      expect(status).not.toBe(200)
      const decided = (await stack.world.store.get(run.id))!.decisions.length
      await stack.settle()
      await trueAtRest(stack, new Map())
      const outcome = await outcomeOf(stack, run)
      outcomes.add(outcome)
      expect([point, outcome, groupsChanged(stack).length]).toEqual([
        point,
        decided === 1 ? 'remediated' : null,
        decided,
      ])
      // Whoever was not heard clicks once more.
      await approves('ann')
      await stack.settle()
      expect(groupsChanged(stack)).toEqual(['sg-0web'])
    }
    expect(outcomes).toEqual(new Set([null, 'remediated']))
  })
})
