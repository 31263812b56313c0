import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Rejection } from '../../findings/finding.ts'

/** Where events go that cannot be read, with the reason as attributes: redrive by the queue could not add one. */
export interface DeadLetters {
  put(body: string, rejection: Rejection): Promise<void>
}

export function deadLetters(url: string, client: SQSClient): DeadLetters {
  const text = (value: string) => ({ DataType: 'String', StringValue: sendable(value.slice(0, 1000)) || '-' })
  return {
    async put(MessageBody, { event, code, field, reason }) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody,
          MessageAttributes: {
            reason: text(reason),
            code: text(code),
            event: text(event),
            ...(field !== undefined && { field: text(field) }),
          },
        }),
      )
    },
  }
}

/** SQS takes the characters of XML 1.0 only (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
function sendable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out.
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '?')
}
