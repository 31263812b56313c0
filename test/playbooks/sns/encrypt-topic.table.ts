import { encryptTopic } from '../../../playbooks/sns/encrypt-topic.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const ARN = 'arn:aws:sns:eu-west-1:123456789012:orders'
const plain = { KmsMasterKeyId: '' }

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'NotFound')
}
const policyOf = (principal: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: principal }] })

export const table: SettingTable = {
  playbook: encryptTopic,
  finding: { type: 'SNS_ENCRYPTED_KMS', id: ARN },
  id: 'orders',
  should: { KmsMasterKeyId: 'alias/aws/sns' },
  other: plain,
  rows: [
    { live: plain, more: { TopicArn: ARN, Policy: policyOf({ AWS: '*' }) }, leads: 'set' },
    {
      live: plain,
      more: {
        TopicArn: ARN,
        Policy: policyOf({ Service: ['cloudwatch.amazonaws.com', 's3.amazonaws.com'] }),
      },
      caution: 'cloudwatch.amazonaws.com, s3.amazonaws.com may publish by the policy',
      leads: 'set',
    },
    {
      live: { KmsMasterKeyId: 'alias/own' },
      more: { TopicArn: ARN },
      leads: { outcome: 'alreadyCompliant', reason: 'KmsMasterKeyId: alias/own already' },
    },
    {
      live: plain,
      more: { TopicArn: ARN },
      finding: { evidence: { ruleParameters: { kmsKeyIds: 'alias/own, alias/other' } } },
      pends: 'the rule asks for one of the keys alias/own, alias/other',
      leads: 'set',
    },
    {
      live: { KmsMasterKeyId: 'alias/other' },
      more: { TopicArn: ARN },
      finding: { evidence: { ruleParameters: { kmsKeyIds: 'alias/own, alias/other' } } },
      leads: { outcome: 'alreadyCompliant', reason: 'alias/other already' },
    },
    { live: plain, leads: { outcome: 'failed', reason: 'AWS does not say the attributes of the topic' } },
  ],
  change: 'sns:SetTopicAttributes',
  wire: {
    async plant({ send }) {
      const { TopicArn } = await send('sns', 'CreateTopic', { Name: 'rectify-wire-plain' })
      const live = async () =>
        (await send('sns', 'GetTopicAttributes', { TopicArn: TopicArn! })).Attributes?.KmsMasterKeyId ?? ''
      return { id: TopicArn!, live, should: 'alias/aws/sns' }
    },
    missing: 'no-such-topic',
  },
  aws: (topic) => ({
    sns: {
      GetTopicAttributes: () => {
        there(topic, 'sns:GetTopicAttributes')
        const { KmsMasterKeyId } = topic.values ?? {}
        // SNS leaves out what is not set.
        return { Attributes: { ...topic.more, ...(KmsMasterKeyId ? { KmsMasterKeyId } : {}) } }
      },
      ListTagsForResource: () => {
        there(topic, 'sns:ListTagsForResource')
        return { Tags: topic.tags }
      },
      SetTopicAttributes: ({ AttributeName, AttributeValue }) => {
        there(topic, 'sns:SetTopicAttributes')
        topic.values = { [String(AttributeName)]: AttributeValue }
        return {}
      },
    },
  }),
}
