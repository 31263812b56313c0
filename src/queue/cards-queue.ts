import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Run } from '../run/run.ts'

/** What travels in the queue of cards: only a hint. What is shown is what the store says of the run. */
export interface CardMessage {
  run: string
  /** The round of the stored state that it comes of. */
  round: number
  /** Whether a card may have to be posted; otherwise one that stands is brought up to date. */
  post: boolean
}

/** The FIFO queue of cards. */
export interface CardsQueue {
  /** The same state of a run is the same message for five minutes. */
  put(run: Run, post: boolean): Promise<void>
}

/**
 * Posts of a channel are one group, in their order. Updates of its cards are another: a decision that is to be seen does
 * not stand behind 500 cards that are still to be posted.
 */
const groupOf = (channel: string, post: boolean) => `${post ? 'post' : 'update'}:${channel}`

export function cardsQueue(url: string, client: SQSClient): CardsQueue {
  return {
    async put(run, post) {
      const channel = run.approval?.channel
      if (channel === undefined) return
      const message: CardMessage = { run: run.id, round: run.round, post }
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: JSON.stringify(message),
          MessageGroupId: groupOf(channel, post),
          MessageDeduplicationId: deduplicationId(run, post),
        }),
      )
    },
  }
}

/** Decisions and who undid it change without the revision. */
function deduplicationId({ id, revision, decisions, undoneBy = 'no' }: Run, post: boolean): string {
  const reasons = decisions.filter(({ reason }) => reason !== undefined).length
  return `${id}-${revision}-${decisions.length}-${reasons}-${undoneBy}-${post ? 'post' : 'update'}`
}

/** A message by its text. Throws where it is none. */
export function readCardMessage(text: string): CardMessage {
  const { run, round, post } = JSON.parse(text) as Partial<CardMessage>
  if (typeof run !== 'string' || typeof round !== 'number') throw new Error('not a message about a card')
  return { run, round, post: post === true }
}

/** Lets a message that was received, and all of its group behind it, come again after so many seconds. */
export async function comeAgain(
  { url, client }: { url: string; client: SQSClient },
  ReceiptHandle: string,
  seconds: number,
): Promise<void> {
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle,
      VisibilityTimeout: Math.ceil(seconds),
    }),
  )
}
