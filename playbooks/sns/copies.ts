import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

/** What a topic is given when it is made or afterwards; what SNS counts is not among it. */
const SET = ['Policy', 'KmsMasterKeyId', 'DisplayName', 'DeliveryPolicy', 'SignatureVersion', 'TracingConfig']

function topicMaking(TopicArn: string): Making {
  const Name = TopicArn.slice(TopicArn.lastIndexOf(':') + 1)
  const Attributes = Name.endsWith('.fifo') ? { Attributes: { FifoTopic: 'true' } } : {}
  return making(call('sns', 'CreateTopic', { Name, ...Attributes }), { makes: TopicArn })
}

/** Topics without their subscriptions. */
export const topicCopies = defineCopies('sns', {
  GetTopicAttributes: ({ input: { TopicArn = '' }, answer }) => [
    topicMaking(TopicArn),
    ...SET.flatMap((AttributeName) => {
      const AttributeValue = answer?.Attributes?.[AttributeName]
      return AttributeValue === undefined
        ? []
        : [making(call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue }))]
    }),
  ],
  ListTagsForResource: ({ input: { ResourceArn = '' }, answer }) => [
    topicMaking(ResourceArn),
    ...((answer?.Tags ?? []).length === 0
      ? []
      : [making(call('sns', 'TagResource', { ResourceArn, Tags: answer!.Tags }))]),
  ],
})
