import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Finding } from '../findings/finding.ts'
import type { Run } from '../run/run.ts'

/** What waits to be told to detectors. Only a hint: what is told is what the store says of the run. */
export interface WritebackMessage {
  /** Id of a run that has ended. */
  run: string
  /** Findings that came after its end; absent: what it had. */
  late?: Finding[]
}

export interface WritebackQueue {
  put(run: Pick<Run, 'id'>, late?: readonly Finding[]): Promise<void>
}

export function writebackQueue(QueueUrl: string, client: SQSClient): WritebackQueue {
  return {
    async put({ id }, late) {
      const MessageBody = JSON.stringify({ run: id, ...(late && { late }) })
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }))
    },
  }
}

/** A message by its text. Throws where it is none. */
export function readWritebackMessage(text: string): WritebackMessage {
  const { run, late } = JSON.parse(text) as Partial<WritebackMessage>
  if (typeof run !== 'string') throw new Error('not a message about a run')
  return { run, ...(late && { late }) }
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
