import { removePublicTopicStatement } from '../../../playbooks/sns/remove-public-statement.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const OWNER = '123456789012'
const topicArn = (name: string, region = 'eu-west-1', owner = OWNER) =>
  `arn:aws:sns:${region}:${owner}:${name}`
const ARN = topicArn('orders')
const allow = (more: object) => ({ Effect: 'Allow', Action: 'SNS:Publish', Resource: ARN, ...more })

const everybody = allow({ Sid: 'Open', Principal: { AWS: '*' } })
const partner = allow({ Sid: 'Partner', Principal: { AWS: 'arn:aws:iam::444455556666:root' } })
const buckets = allow({
  Sid: 'Buckets',
  Principal: { AWS: '*' },
  Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:uploads' } },
})
const outsiders = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'SNS:*',
  Resource: ARN,
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
}
/** As recorded from SNS (events/api/sns.GetTopicAttributes). */
const ofANewTopic = {
  Sid: '__default_statement_ID',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: [
    'SNS:GetTopicAttributes',
    'SNS:SetTopicAttributes',
    'SNS:AddPermission',
    'SNS:RemovePermission',
    'SNS:DeleteTopic',
    'SNS:Subscribe',
    'SNS:ListSubscriptionsByTopic',
    'SNS:Publish',
  ],
  Resource: ARN,
  Condition: { StringEquals: { 'AWS:SourceOwner': OWNER } },
}

function there({ isThere }: LiveResource, action: string, arn: unknown): void {
  if (!isThere || arn !== ARN) throw absent(action, 'NotFound')
}

export const table: SettingTable = {
  playbook: removePublicTopicStatement,
  finding: { type: 'SNS_TOPIC_NO_PUBLIC_ACCESS', id: ARN },
  id: 'orders',
  should: holding(ofANewTopic, partner)!,
  other: holding(everybody, partner),
  rows: [
    edits([ofANewTopic, everybody, partner], [ofANewTopic, partner]),
    edits(
      [{ ...everybody, Principal: { AWS: ['*', '444455556666'] } }],
      [{ ...everybody, Principal: { AWS: ['444455556666'] } }],
    ),
    edits([everybody], [ofANewTopic]),
    edits([buckets, partner], [partner], { caution: 'statement "Buckets" has a condition (aws:SourceArn)' }),
    edits([everybody, outsiders], [outsiders], {
      caution: 'statement 2 may keep some of the public out already',
    }),
    stays([ofANewTopic], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    stays(
      [everybody, allow({ NotPrincipal: { AWS: OWNER } })],
      'failed',
      'statement 2 allows something to all but some',
    ),
    inText('{', 'failed', 'it is no JSON'),
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say the policy of the topic' } },
  ],
  change: 'sns:SetTopicAttributes',
  wire: {
    async plant({ send, region, account }) {
      const TopicArn = topicArn('rectify-wire-open', region, account)
      await send('sns', 'CreateTopic', { Name: 'rectify-wire-open' })
      const open = { ...everybody, Resource: TopicArn }
      const set = { TopicArn, AttributeName: 'Policy' }
      await send('sns', 'SetTopicAttributes', { ...set, AttributeValue: policyText(partner, open) })
      const live = async () => (await send('sns', 'GetTopicAttributes', { TopicArn })).Attributes?.Policy
      return { id: TopicArn, live, should: policyText(partner) }
    },
    missing: 'no-such-topic',
  },
  aws: (topic) => ({
    sns: {
      GetTopicAttributes: ({ TopicArn }) => {
        there(topic, 'sns:GetTopicAttributes', TopicArn)
        const { policy } = topic.values ?? {}
        return { Attributes: { TopicArn, Owner: OWNER, ...(policy !== undefined && { Policy: policy }) } }
      },
      ListTagsForResource: ({ ResourceArn }) => {
        there(topic, 'sns:ListTagsForResource', ResourceArn)
        return { Tags: topic.tags }
      },
      SetTopicAttributes: ({ TopicArn, AttributeName, AttributeValue }) => {
        there(topic, 'sns:SetTopicAttributes', TopicArn)
        if (AttributeName !== 'Policy') throw absent('sns:SetTopicAttributes', 'InvalidParameter')
        topic.values = { policy: AttributeValue }
        return {}
      },
    },
  }),
}
