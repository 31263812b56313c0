import { call } from '../../src/playbook/api.ts'
import { accessAnalyzer, cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import type { Statement } from '../../src/playbook/policy-document/policy-grammar.ts'
import { withoutPublic } from '../../src/playbook/policy-document/public-statements.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { sns } from '../services.ts'

const ARN = 'arn:{partition}:sns:{region}:{account}:{id}'

/** Takes everybody out of a topic's policy. Where nothing would be left, the topic gets the policy that SNS gives a new one. */
export const removePublicTopicStatement = definePolicyEdit({
  id: 'sns-remove-public-statement',
  title: 'Take everybody out of the policy of a topic',
  about: {
    risk: 'Anybody who knows the ARN of the topic can publish to it, or subscribe and read along, from any account of AWS. Forged messages start whatever listens to the topic, and real ones leave the account.',
    breaks:
      'Publishers and subscribers of other accounts, and services of AWS that were let in by the star alone, are refused. AWS does not say who has used a statement: conditions on it, and denials that weigh against it, make a person look first. Subscriptions that exist stay.',
  },
  implements: ['sns-sqs-policy'],
  resource: 'AWS::SNS::Topic',
  ids: nameIds(/[\w.-]/, 256, ['orders']),
  arn: ARN,
  tagsOf: 'the topic',
  answers: [
    config('SNS_TOPIC_NO_PUBLIC_ACCESS'),
    securityHub('SNS.4'),
    prowler('sns_topics_not_publicly_accessible'),
    accessAnalyzer('AWS::SNS::Topic'),
    cloudTrail('sns:SetTopicAttributes', 'sns:AddPermission'),
  ],
  suggestedMode: 'approve',
  look: read(sns, 'GetTopicAttributes', (_, { resource }) => ({ TopicArn: resource }), topicIn),
  tags: read(
    sns,
    'ListTagsForResource',
    (_, { resource }) => ({ ResourceArn: resource }),
    ({ Tags }) => tagsIn(Tags),
  ),
  policyIn: ({ policy }) => policy,
  edit(document, topic) {
    const edit = withoutPublic(document)
    if (edit.statements.length > 0 || edit.changes.length === 0) return edit
    const changes = [...edit.changes, 'put the default policy of a topic in its place']
    return { ...edit, changes, statements: [defaultStatement(topic)] }
  },
  put: (_, text, { resource }) =>
    call('sns', 'SetTopicAttributes', { TopicArn: resource, AttributeName: 'Policy', AttributeValue: text }),
  changes: [{ action: 'sns:SetTopicAttributes', resource: ARN }],
  property: 'PolicyDocument of AWS::SNS::TopicPolicy',
  effect: 'whoever publishes or subscribes from another account without being named is refused',
  warnings: () => [
    'services that publish here by the star alone (EventBridge, S3) need a statement with their own principal',
  ],
})

interface Topic {
  arn: string
  owner: string
  policy: string
}

/** Every topic has a policy: where none is said, it has not been read. */
function topicIn({
  Attributes: { TopicArn, Owner, Policy } = {},
}: {
  Attributes?: Record<string, string> | undefined
}): Topic {
  if (!TopicArn || !Owner || !Policy) throw new Unplannable('AWS does not say the policy of the topic')
  return { arn: TopicArn, owner: Owner, policy: Policy }
}

/** What SNS gives a new topic; it takes no policy without a statement. SNS developer guide, "Access control". */
function defaultStatement({ arn, owner }: Topic): Statement {
  return {
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
    Resource: arn,
    Condition: { StringEquals: { 'AWS:SourceOwner': owner } },
  }
}
