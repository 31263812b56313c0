import { setTimeout as sleep } from 'node:timers/promises'
import type { Run } from '../../../src/run/run.ts'
import type { StandInSlack } from '../../../src/sandbox/slack/stand-in.ts'
import type { StateMessage } from '../../../src/sandbox/slack/workspace-state.ts'
import type { Deployment } from './sandbox-deployment.ts'

/** What people see and press in Slack, over HTTP, beside a deployment. */

/** Who the command line of a test is to AWS. */
export const CALLER = 'arn:aws:iam::123456789012:user/sandbox'

const PATIENCE_MS = 30_000
const POLL_MS = 50

/** A button in a message of the app. */
export interface Button {
  action_id: string
  block_id: string
  value: string
}

export interface SlackScenes {
  slack: StandInSlack
  /** Messages in the channel that show a run, oldest first. */
  cardsOf(run: Pick<Run, 'id'>): StateMessage[]
  /** Waits until the newest message about a run is as wanted. */
  cardWith(run: Pick<Run, 'id'>, wanted: (card: StateMessage) => boolean): Promise<StateMessage>
  /** Presses a button as a person would; gives what the receiver answered. */
  press(user: string, card: StateMessage, action: string, value?: string): ReturnType<StandInSlack['click']>
  /** What was said to a person alone, newest last. */
  whispers(user: string): string[]
}

/** All buttons of a message. */
export function buttonsOf({ blocks }: Pick<StateMessage, 'blocks'>): Button[] {
  return blocks.flatMap((block) => {
    const {
      block_id,
      elements = [],
      accessory,
    } = block as {
      block_id: string
      elements?: { type: string; action_id: string; value: string }[]
      accessory?: { type: string; action_id: string; value: string }
    }
    return [...elements, ...(accessory ? [accessory] : [])]
      .filter(({ type }) => type === 'button')
      .map(({ action_id, value }) => ({ action_id, block_id, value }))
  })
}

/** Everything that a message says, its blocks included. */
export const saying = ({ text, blocks, replies }: StateMessage): string =>
  JSON.stringify({ text, blocks, replies: replies.map((reply) => [reply.text, reply.blocks, reply.files]) })

export function slackIn({ sandbox }: Deployment): SlackScenes {
  const slack = sandbox.deployed!.slack!
  const cardsOf: SlackScenes['cardsOf'] = ({ id }) =>
    slack
      .state()
      .channels.flatMap(({ messages }) => messages)
      .filter((message) => JSON.stringify([message.blocks, message.metadata, message.text]).includes(id))
  return {
    slack,
    cardsOf,
    async cardWith(run, wanted) {
      const end = Date.now() + PATIENCE_MS
      for (;;) {
        const card = cardsOf(run).at(-1)
        if (card && wanted(card)) return card
        if (Date.now() > end)
          throw new Error(`no card of ${run.id} as wanted; the last one: ${card ? saying(card) : 'none'}`)
        await sleep(POLL_MS)
      }
    },
    press: (user, card, action_id, value) =>
      slack.click({
        user: slack.users[user] ?? user,
        channel: slack.channel,
        ts: card.ts,
        action_id,
        ...(value !== undefined && { value }),
      }),
    whispers: (user) =>
      slack
        .state()
        .ephemeral.filter((one) => one.user === (slack.users[user] ?? user))
        .map(({ text }) => text),
  }
}
