import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'

/** Where events come in: EventBridge's own way, and that of `rectify send`. */
export interface IntakeQueue {
  /** @param nonce makes the jobs of this event different from those of the same event sent before */
  put(event: string, nonce: string): Promise<void>
}

/** The message attribute that carries the nonce: an event in the queue is exactly what its detector said. */
const NONCE = 'nonce'

export function intakeQueue(url: string, client: SQSClient): IntakeQueue {
  return {
    async put(MessageBody, nonce) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody,
          MessageAttributes: { [NONCE]: { DataType: 'String', StringValue: nonce } },
        }),
      )
    },
  }
}

/** The nonce of a message in the intake queue; undefined for what EventBridge brought. */
export function nonceOf(
  attributes: Record<string, { stringValue?: string | undefined }>,
): string | undefined {
  return attributes[NONCE]?.stringValue
}
