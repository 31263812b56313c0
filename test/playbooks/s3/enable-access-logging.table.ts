import { enableAccessLogging } from '../../../playbooks/s3/enable-access-logging.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'
import { bucketTagging, there } from './bucket-answers.ts'

const to = (TargetBucket: string, TargetPrefix = 'open-data/') => ({
  LoggingEnabled: { TargetBucket, TargetPrefix },
})
const parameters = { targetBucket: 'logs' }
const asksFor = (targetBucket: string) => ({ evidence: { ruleParameters: { targetBucket } } })

/** What the bucket of the logs says of itself; by default, that logs may be delivered. */
interface Target {
  isMissing?: boolean
  logsTo?: string
  policy?: string
  acl?: object[]
  algorithm?: string
}

const mayDeliverTo = (bucket: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${bucket}/*`,
      },
    ],
  })
const DELIVERS = mayDeliverTo('logs')

function targetOf(bucket: LiveResource, action: string): Target {
  const target = (bucket.more.target ?? { policy: DELIVERS }) as Target
  if (target.isMissing) throw absent(action, 'NoSuchBucket')
  return target
}

const refused = (target: Target, reason: string) =>
  ({ live: null, parameters, more: { target }, leads: { outcome: 'notApplicable', reason } }) as const

export const table: SettingTable = {
  playbook: enableAccessLogging,
  finding: { type: 'S3_BUCKET_LOGGING_ENABLED', id: 'open-data' },
  id: 'open-data',
  should: to('logs'),
  other: null,
  changed: to('elsewhere'),
  rows: [
    { live: null, parameters, leads: 'set' },
    {
      live: null,
      parameters: { targetBucket: 'logs', targetPrefix: 's3/{bucket}/' },
      should: to('logs', 's3/open-data/'),
      finding: asksFor('logs'),
      leads: 'set',
    },
    {
      live: null,
      parameters,
      more: {
        target: {
          acl: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }, Permission: 'WRITE' }],
        },
      },
      leads: 'set',
    },
    {
      live: null,
      leads: {
        outcome: 'notApplicable',
        reason: 'say in parameters.targetBucket of the policy to which bucket they go',
      },
    },
    {
      live: null,
      finding: asksFor('audit'),
      leads: { outcome: 'notApplicable', reason: 'that they go to audit, as the rule asks' },
    },
    {
      live: null,
      parameters,
      finding: asksFor('audit'),
      leads: {
        outcome: 'notApplicable',
        reason: 'the rule asks for logs in audit, parameters.targetBucket says logs',
      },
    },
    {
      live: null,
      parameters: { targetBucket: 'open-data' },
      leads: {
        outcome: 'notApplicable',
        reason: 'it is the bucket of the logs: each log would make another one',
      },
    },
    refused({ isMissing: true }, 'there is no bucket logs (parameters.targetBucket)'),
    refused(
      { policy: DELIVERS, logsTo: 'open-data' },
      'logs sends its own logs here: each log would make another',
    ),
    refused(
      { policy: DELIVERS, algorithm: 'aws:kms' },
      'logs encrypts with KMS, where access logs cannot be delivered',
    ),
    refused(
      {},
      'log delivery may not write to logs: let its policy allow logging.s3.amazonaws.com s3:PutObject',
    ),
    {
      live: to('elsewhere'),
      parameters,
      leads: { outcome: 'alreadyCompliant', reason: '"TargetBucket":"elsewhere"' },
    },
    {
      live: to('elsewhere'),
      finding: asksFor('audit'),
      leads: { outcome: 'notApplicable', reason: 'its logs go to elsewhere, and the rule asks for audit' },
    },
  ],
  change: 's3:PutBucketLogging',
  wire: {
    parameters: { targetBucket: 'rectify-wire-logs' },
    async plant({ send }) {
      const [Bucket, logs] = ['rectify-wire-not-logged', 'rectify-wire-logs']
      await send('s3', 'CreateBucket', { Bucket })
      await send('s3', 'CreateBucket', { Bucket: logs })
      await send('s3', 'PutBucketPolicy', { Bucket: logs, Policy: mayDeliverTo(logs) })
      const live = async () => (await send('s3', 'GetBucketLogging', { Bucket })).LoggingEnabled
      return { id: Bucket, live, should: { TargetBucket: logs, TargetPrefix: `${Bucket}/` } }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({
    s3: {
      ...bucketTagging(bucket),
      GetBucketLogging: (input) => {
        if (input.Bucket !== 'open-data') {
          const { logsTo } = targetOf(bucket, 's3:GetBucketLogging')
          return logsTo === undefined ? {} : to(logsTo)
        }
        there(bucket, 's3:GetBucketLogging', input)
        return { ...bucket.values }
      },
      GetBucketEncryption: () => {
        const { algorithm: SSEAlgorithm } = targetOf(bucket, 's3:GetEncryptionConfiguration')
        if (SSEAlgorithm === undefined)
          throw absent('s3:GetEncryptionConfiguration', 'ServerSideEncryptionConfigurationNotFoundError')
        const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }
        return { ServerSideEncryptionConfiguration: { Rules: [rule] } }
      },
      GetBucketPolicy: () => {
        const { policy: Policy } = targetOf(bucket, 's3:GetBucketPolicy')
        if (Policy === undefined) throw absent('s3:GetBucketPolicy', 'NoSuchBucketPolicy')
        return { Policy }
      },
      GetBucketAcl: () => ({ Grants: targetOf(bucket, 's3:GetBucketAcl').acl ?? [] }),
      PutBucketLogging: ({ BucketLoggingStatus }) => {
        there(bucket, 's3:PutBucketLogging')
        const { LoggingEnabled } = BucketLoggingStatus as Fields
        bucket.values = LoggingEnabled === undefined ? null : { LoggingEnabled }
        return {}
      },
    },
  }),
}
