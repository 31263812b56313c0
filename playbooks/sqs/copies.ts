import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

function queueMaking(QueueUrl: string): Making {
  const QueueName = QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)
  const Attributes = QueueName.endsWith('.fifo') ? { Attributes: { FifoQueue: 'true' } } : {}
  return making(call('sqs', 'CreateQueue', { QueueName, ...Attributes }), { makes: QueueUrl })
}

/** Queues without their messages. */
export const queueCopies = defineCopies('sqs', {
  GetQueueAttributes: ({ input: { QueueUrl = '' }, answer }) => {
    const { Policy } = answer?.Attributes ?? {}
    return [
      queueMaking(QueueUrl),
      ...(Policy === undefined
        ? []
        : [making(call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } }))]),
    ]
  },
  ListQueueTags: ({ input: { QueueUrl = '' }, answer }) => [
    queueMaking(QueueUrl),
    ...(Object.keys(answer?.Tags ?? {}).length === 0
      ? []
      : [making(call('sqs', 'TagQueue', { QueueUrl, Tags: answer!.Tags }))]),
  ],
})
