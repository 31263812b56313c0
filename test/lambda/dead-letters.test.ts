import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, test } from '@jest/globals'
import { mockClient } from 'aws-sdk-client-mock'
import { deadLetters } from '../../src/lambda/incoming/dead-letters.ts'

test('the reason comes along in characters that SQS takes, never empty and not without end', async () => {
  const mocked = mockClient(SQSClient)
  const client = new SQSClient({})
  await deadLetters('https://queue', client).put('{"body":1}', {
    event: '',
    code: 'missingField',
    reason: `no \u0000 field\n\ud83d \u{1f600} ${'x'.repeat(2000)}`,
    field: 'detail.\u001bid',
  })
  const [sent] = mocked.commandCalls(SendMessageCommand)
  const { MessageBody, MessageAttributes = {} } = sent!.args[0].input
  expect(MessageBody).toBe('{"body":1}')
  expect(MessageAttributes.reason?.StringValue).toMatch(/^no \? field\n\? \u{1f600} x+$/u)
  expect(MessageAttributes.reason?.StringValue?.length).toBe(1000)
  expect(MessageAttributes.field?.StringValue).toBe('detail.?id')
  expect(MessageAttributes.event?.StringValue).toBe('-')
})
