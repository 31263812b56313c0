import { removePublicQueueStatement } from '../../../playbooks/sqs/remove-public-statement.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const ARN = 'arn:aws:sqs:eu-west-1:123456789012:orders.fifo'
const URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo'
const allow = (more: object) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: ARN, ...more })

const everybody = allow({ Sid: 'Open', Principal: '*' })
const topic = allow({
  Sid: 'Topic',
  Principal: '*',
  Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:orders' } },
})
const topics = allow({
  Sid: 'Topics',
  Principal: '*',
  Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:orders' } },
})
const partner = allow({ Sid: 'Partner', Principal: { AWS: 'arn:aws:iam::444455556666:root' } })

function there({ isThere }: LiveResource, action: string, url: unknown): void {
  if (!isThere || url !== URL) throw absent(action, 'AWS.SimpleQueueService.NonExistentQueue')
}

export const table: SettingTable = {
  playbook: removePublicQueueStatement,
  finding: { source: 'securityhub', type: 'SQS.3', id: ARN },
  id: 'orders.fifo',
  should: holding(partner)!,
  other: holding(everybody, partner),
  rows: [
    edits([everybody, partner], [partner]),
    edits([everybody], []),
    edits([topic, everybody], [topic]),
    edits([topics, partner], [partner], { caution: 'statement "Topics" has a condition (aws:SourceArn)' }),
    stays([topic, partner], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    stays([], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    stays([allow({})], 'failed', 'statement 1 allows something to nobody'),
    inText('{"Statement":1}', 'failed', 'statement 1: of a form that the grammar does not know'),
  ],
  change: 'sqs:SetQueueAttributes',
  wire: {
    async plant({ send, account, region }) {
      const QueueName = 'rectify-wire-open'
      const arn = `arn:aws:sqs:${region}:${account}:${QueueName}`
      const { QueueUrl } = await send('sqs', 'CreateQueue', { QueueName })
      const before = policyText({ ...everybody, Resource: arn })
      await send('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: before } })
      const live = async () => {
        const { Attributes } = await send('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })
        return Attributes?.Policy ?? ''
      }
      return { id: arn, live, should: '' }
    },
    missing: 'no-such-queue',
  },
  aws: (queue) => ({
    sqs: {
      GetQueueAttributes: ({ QueueUrl, AttributeNames }) => {
        there(queue, 'sqs:GetQueueAttributes', QueueUrl)
        const all: Record<string, unknown> = { QueueArn: ARN, Policy: queue.values?.policy }
        const asked = (AttributeNames as string[]).filter((name) => all[name] !== undefined)
        return { Attributes: Object.fromEntries(asked.map((name) => [name, all[name]])) }
      },
      ListQueueTags: ({ QueueUrl }) => {
        there(queue, 'sqs:ListQueueTags', QueueUrl)
        return { Tags: Object.fromEntries(queue.tags.map(({ Key, Value }) => [Key, Value])) }
      },
      SetQueueAttributes: ({ QueueUrl, Attributes }) => {
        there(queue, 'sqs:SetQueueAttributes', QueueUrl)
        const { Policy } = Attributes as Record<string, string>
        queue.values = Policy === '' ? null : { policy: Policy }
        return {}
      },
    },
  }),
}
