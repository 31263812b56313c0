import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { groupOf, type Message, messageText } from './messages.ts'
import { prompt } from './prompt.ts'

/** The FIFO queue of work: one group per resource. */
export interface RunsQueue {
  send(message: Message, resource: string, deduplicationId: string): Promise<void>
}

export function runsQueue(url: string, client: SQSClient): RunsQueue {
  return {
    async send(message, resource, MessageDeduplicationId) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: messageText(message),
          MessageGroupId: groupOf(resource),
          MessageDeduplicationId,
        }),
      )
    },
  }
}

/** The client goes where `AWS_ENDPOINT_URL` says, and not to the host in the queue's URL. */
export function sqs(): SQSClient {
  return new SQSClient({ ...prompt(), useQueueUrlAsEndpoint: false })
}
