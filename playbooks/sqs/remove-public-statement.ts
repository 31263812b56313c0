import type { QueueAttributeName } from '@aws-sdk/client-sqs'
import { call } from '../../src/playbook/api.ts'
import { accessAnalyzer, cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import type { Target } from '../../src/playbook/resource/target.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { sqs } from '../services.ts'
import { queueUrl } from './queue-url.ts'

const ARN = 'arn:{partition}:sqs:{region}:{account}:{id}'
const ASKED: QueueAttributeName[] = ['QueueArn', 'Policy']
const set = (Policy: string, { resource }: Target) =>
  call('sqs', 'SetQueueAttributes', { QueueUrl: queueUrl(resource), Attributes: { Policy } })

/** Takes everybody out of a queue's policy. */
export const removePublicQueueStatement = definePolicyEdit({
  id: 'sqs-remove-public-statement',
  title: 'Take everybody out of the policy of a queue',
  about: {
    risk: 'Anybody who knows the address of the queue can send to it, or receive and delete what others have sent, from any account of AWS. What works the queue off takes forged messages for real ones, and real ones are lost.',
    breaks:
      'Senders and receivers of other accounts, and services of AWS that were let in by the star alone, are refused; the account itself goes on by its IAM policies. AWS does not say who has used a statement: conditions on it, and denials that weigh against it, make a person look first.',
  },
  implements: ['sns-sqs-policy'],
  resource: 'AWS::SQS::Queue',
  ids: nameIds(/[\w.-]/, 80, ['orders']),
  arn: ARN,
  tagsOf: 'the queue',
  answers: [
    config('SQS_QUEUE_NO_PUBLIC_ACCESS'),
    securityHub('SQS.3'),
    prowler('sqs_queues_not_publicly_accessible'),
    accessAnalyzer('AWS::SQS::Queue'),
    cloudTrail('sqs:SetQueueAttributes', 'sqs:AddPermission'),
  ],
  suggestedMode: 'approve',
  look: read(
    sqs,
    'GetQueueAttributes',
    (_, { resource }) => ({ QueueUrl: queueUrl(resource), AttributeNames: ASKED }),
    ({ Attributes: { QueueArn, Policy } = {} }) => {
      if (!QueueArn) throw new Unplannable('AWS does not say the attributes of the queue')
      // What is not set is not among the attributes.
      return { policy: Policy || null }
    },
  ),
  tags: read(
    sqs,
    'ListQueueTags',
    (_, { resource }) => ({ QueueUrl: queueUrl(resource) }),
    ({ Tags = {} }) => Tags,
  ),
  policyIn: ({ policy }) => policy,
  put: (_, text, target) => set(text, target),
  drop: (_, target) => set('', target),
  changes: [{ action: 'sqs:SetQueueAttributes', resource: ARN }],
  property: 'PolicyDocument of AWS::SQS::QueuePolicy',
  effect: 'whoever sends or receives from another account without being named is refused',
  warnings: () => [
    'services that send here by the star alone (SNS, S3, EventBridge) need a statement with their own principal',
  ],
})
