import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StandInSlack } from '../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../src/sandbox/slack/start-slack.ts'
import { Story } from './model/happenings.ts'
import { POLICIES } from './model/people-and-policies.ts'
import { SlackStack } from './model/slack-stack.ts'
import { asked, commands } from './model/stories.ts'
import { deletedStandAgain, trueAtRest } from './model/true-at-rest.ts'

/** Stories that are played; more, and others each time, by the environment. */
const { RECTIFY_STORIES, RECTIFY_STORY_SEED } = process.env
const PLAYED = { numRuns: Number(RECTIFY_STORIES ?? 60), seed: Number(RECTIFY_STORY_SEED ?? 1) }
/** Under which it begins: people are asked. */
const policy = fc.nat(POLICIES.length - 2)
const HOUR = 3_600_000
const MOST_MS = 3 * HOUR

let slack: StandInSlack
let stack: SlackStack

beforeAll(async () => {
  slack = await startSlack({
    now: () => stack?.clock.now() ?? 0,
    receiver: (request) => stack.receive(request),
  })
})
afterAll(() => slack.stop())

test(
  'whoever clicks, types, dies or comes twice: one decision stands, only what was approved is changed, and Slack shows it',
  async () => {
    const seen = { decisions: 0, changes: 0, messages: 0, refusals: 0 }
    await fc.assert(
      fc.asyncProperty(
        policy,
        fc.commands(commands, { maxCommands: 40, size: 'max' }),
        async (index, steps) => {
          stack = new SlackStack(slack)
          slack.reset()
          const story = new Story(stack)
          stack.setPolicy(index)
          await asked(stack)
          story.seen.look(stack, await stack.world.store.list())
          await fc.asyncModelRun(() => ({ model: {}, real: story }), steps)
          Object.assign(slack.faults, { down: undefined, limit: 0, loseAnswers: 0 })
          await stack.settle()
          await trueAtRest(stack, story.deletions)
          await stack.settle(7 * HOUR)
          await trueAtRest(stack, story.deletions)
          await deletedStandAgain(stack, story.deletions)
          const open = await stack.world.store.list({ state: ['open', 'waiting'] })
          expect(open).toEqual([])
          expect(stack.ledger.violations).toEqual([])
          seen.decisions += stack.ledger.entries.length
          seen.changes += stack.ledger.changes
          seen.messages += slack.state().channels.flatMap(({ messages }) => messages).length
          seen.refusals += stack.refusals.length
        },
      ),
      PLAYED,
    )
    // Stories in which nothing comes about would prove nothing.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(PLAYED.numRuns / 4)
  },
  MOST_MS,
)
