import { afterAll, beforeAll } from '@jest/globals'
import type { StandInSlack } from '../../../src/sandbox/slack/stand-in.ts'
import { startSlack } from '../../../src/sandbox/slack/start-slack.ts'
import { SlackStack } from './slack-stack.ts'

/** One stand-in Slack for a test file. Gives what begins with a new stack in front of it, which it knows nothing of yet. */
export function stacksInTurn(): () => SlackStack {
  let slack: StandInSlack
  let stack: SlackStack | undefined
  beforeAll(async () => {
    slack = await startSlack({
      now: () => stack?.clock.now() ?? 0,
      receiver: (request) => stack!.receive(request),
    })
  })
  afterAll(() => slack.stop())
  return () => {
    stack = new SlackStack(slack)
    slack.reset()
    return stack
  }
}
