import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Story } from './model/happenings.ts'
import { POLICIES } from './model/people-and-policies.ts'
import type { SlackStack } from './model/slack-stack.ts'
import { stacksInTurn } from './model/stacks-in-turn.ts'
import { asked, commands } from './model/stories.ts'
import { deletedStandAgain, trueAtRest } from './model/true-at-rest.ts'

/** Stories that are played; more, and others each time, by the environment. */
const { RECTIFY_STORIES, RECTIFY_STORY_SEED } = process.env
const PLAYED = { numRuns: Number(RECTIFY_STORIES ?? 60), seed: Number(RECTIFY_STORY_SEED ?? 1) }
/** Under which it begins: people are asked. */
const policy = fc.nat(POLICIES.length - 2)
const HOUR = 3_600_000
const MOST_MS = 3 * HOUR

const begin = stacksInTurn()
let stack: SlackStack

test(
  'whoever clicks, types, dies or comes twice: one decision stands, only what was approved is changed, and Slack shows it',
  async () => {
    const seen = { decisions: 0, changes: 0, messages: 0, refusals: 0 }
    await fc.assert(
      fc.asyncProperty(
        policy,
        fc.commands(commands, { maxCommands: 40, size: 'max' }),
        async (index, steps) => {
          stack = begin()
          const story = new Story(stack)
          stack.setPolicy(index)
          await asked(stack)
          story.seen.look(stack, await stack.world.store.list())
          await fc.asyncModelRun(() => ({ model: {}, real: story }), steps)
          Object.assign(stack.slack.faults, { down: undefined, limit: 0, loseAnswers: 0 })
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
          seen.messages += stack.slack.state().channels.flatMap(({ messages }) => messages).length
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
