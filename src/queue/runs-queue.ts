import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { groupOf, type Message, messageText } from './messages.ts'
import { prompt } from './prompt.ts'

/** The FIFO queue of work: one group per resource. */
export interface RunsQueue {
  send(message: Message, resource: string, deduplicationId: string): Promise<void>
}

/** The same for whoever takes messages from it. */
export interface TakenQueue extends RunsQueue {
  /** A message as it was received, at the end of its group. */
  sendAnew(text: string, group: string, deduplicationId: string): Promise<void>
}

export function runsQueue(url: string, client: SQSClient): TakenQueue {
  async function sendAnew(MessageBody: string, MessageGroupId: string, MessageDeduplicationId: string) {
    const message = { QueueUrl: url, MessageBody, MessageGroupId, MessageDeduplicationId }
    await client.send(new SendMessageCommand(message))
  }

  return {
    send: (message, resource, id) => sendAnew(messageText(message), groupOf(resource), id),
    sendAnew,
  }
}

/** The client goes where `AWS_ENDPOINT_URL` says, and not to the host in the queue's URL. */
export function sqs(): SQSClient {
  return new SQSClient({ ...prompt(), useQueueUrlAsEndpoint: false })
}
