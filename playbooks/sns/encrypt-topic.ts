import * as z from 'zod/mini'
import { call } from '../../src/playbook/api.ts'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { sns } from '../services.ts'

const ARN = 'arn:{partition}:sns:{region}:{account}:{id}'
const OF_SNS = 'alias/aws/sns'

const parameters = z.strictObject({
  key: z
    ._default(z.string(), OF_SNS)
    .check(
      z.describe(
        'key by which topics are encrypted: id, ARN or alias; its policy has to let the publishers use it',
      ),
    ),
})

/** Encrypts what a topic keeps until it is delivered. */
export const encryptTopic = defineSetting({
  id: 'sns-encrypt-topic',
  title: 'Encrypt a topic',
  about: {
    risk: 'Messages lie on the disks of SNS until they are delivered, in plain text. Auditors ask that what is at rest is encrypted by a key.',
    breaks:
      'Services of AWS (CloudWatch alarms, S3, EventBridge) cannot publish to a topic that is encrypted by the key of SNS itself: alarms are lost without a word. Where the policy lets a service in, a person is asked; a key of your own that lets it in is set by `key`.',
  },
  implements: ['sns-encryption'],
  resource: 'AWS::SNS::Topic',
  ids: nameIds(/[\w.-]/, 256, ['orders']),
  arn: ARN,
  tagsOf: 'the topic',
  property: 'KmsMasterKeyId',
  answers: [
    config('SNS_ENCRYPTED_KMS'),
    securityHub('SNS.1'),
    prowler('sns_topics_kms_encryption_at_rest_enabled'),
  ],
  ruleParameters: ['SNS_ENCRYPTED_KMS'],
  parameters,
  suggestedMode: 'approve',
  look: read(
    sns,
    'GetTopicAttributes',
    (_, { resource }) => ({ TopicArn: resource }),
    ({ Attributes }) => {
      if (!Attributes?.TopicArn) throw new Unplannable('AWS does not say the attributes of the topic')
      return { key: Attributes.KmsMasterKeyId ?? '', policy: Attributes.Policy ?? '' }
    },
  ),
  tags: read(
    sns,
    'ListTagsForResource',
    (_, { resource }) => ({ ResourceArn: resource }),
    ({ Tags }) => tagsIn(Tags),
  ),
  // SNS leaves the attribute out where there is none: API reference, GetTopicAttributes.
  values: ({ key }) => ({ KmsMasterKeyId: key }),
  // Any key will do: which one is the choice of whoever set it.
  should: ({ key: wanted }, { key }) => ({ KmsMasterKeyId: key || wanted }),
  set: (_, { KmsMasterKeyId }, { resource }) =>
    call('sns', 'SetTopicAttributes', {
      TopicArn: resource,
      AttributeName: 'KmsMasterKeyId',
      AttributeValue: String(KmsMasterKeyId),
    }),
  changes: [{ action: 'sns:SetTopicAttributes', resource: ARN }],
  unproven: ({ key: live }, { findings, parameters: { key } }) => {
    const allowed = findings.flatMap(({ evidence }) => commaSeparated(evidence.ruleParameters?.kmsKeyIds))
    return allowed.length > 0 && !allowed.includes(live || key)
      ? `the rule asks for one of the keys ${allowed.join(', ')}, and the topic's is ${live || key}`
      : undefined
  },
  effect: 'who publishes needs the key as well; subscribers see no difference',
  cautions: ({ policy }, { parameters: { key } }) => {
    const services = [...new Set(policy.match(/[a-z0-9-]+\.amazonaws\.com/g) ?? [])]
    return services.length > 0 && key === OF_SNS
      ? [
          `${services.join(', ')} may publish by the policy, and could do so no more: the key of SNS lets no service in`,
        ]
      : []
  },
})
