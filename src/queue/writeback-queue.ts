import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Run } from '../run/run.ts'

/** Where it waits that detectors are told how a run ended. Only a hint: what is told is what the store says of the run. */
export interface WritebackQueue {
  put(run: Pick<Run, 'id'>): Promise<void>
}

export function writebackQueue(QueueUrl: string, client: SQSClient): WritebackQueue {
  return {
    async put({ id }) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ run: id }) }))
    },
  }
}

/** The id of the run that a message is about. Throws where it is none. */
export function readWritebackMessage(text: string): string {
  const { run } = JSON.parse(text) as { run?: unknown }
  if (typeof run !== 'string') throw new Error('not a message about a run')
  return run
}

/** Between two attempts, seconds: a minute at first, an hour at most. */
const FIRST_SECONDS = 60
const MOST_SECONDS = 3_600

/**
 * In how many seconds what could not be told is tried again.
 * @param attempts that were made, 1 and more; with 30 of them a day has passed (`maxReceiveCount` of the queue)
 */
export function pauseAfter(attempts: number): number {
  return Math.min(MOST_SECONDS, FIRST_SECONDS * 2 ** (attempts - 1))
}
