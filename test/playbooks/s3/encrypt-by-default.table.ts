import { encryptByDefault } from '../../../playbooks/s3/encrypt-by-default.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type SettingTable } from '../setting-table.ts'
import { bucketTagging, there } from './bucket-answers.ts'

const rule = (SSEAlgorithm: string, more: Fields = {}, key?: string) => ({
  rules: [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm, ...(key !== undefined && { KMSMasterKeyID: key }) },
      BucketKeyEnabled: false,
      ...more,
    },
  ],
})
const OWN_KEYS = rule('AES256')
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const OTHER_KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0000abcd-12ab-34cd-56ef-1234567890ab'
const byKey = (key: string, more: Fields = { BucketKeyEnabled: true }) => rule('aws:kms', more, key)

const asksForKms = { type: 'S3_DEFAULT_ENCRYPTION_KMS', evidence: { ruleParameters: {} } }
const asksFor = (kmsKeyArns: string) => ({ ...asksForKms, evidence: { ruleParameters: { kmsKeyArns } } })

export const table: SettingTable = {
  playbook: encryptByDefault,
  finding: { type: 'S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED', id: 'open-data' },
  id: 'open-data',
  should: OWN_KEYS,
  other: null,
  changed: byKey(KEY),
  rows: [
    { live: null, leads: 'set' },
    { live: OWN_KEYS, leads: { outcome: 'alreadyCompliant', reason: '"SSEAlgorithm":"AES256"' } },
    { live: byKey(KEY), leads: { outcome: 'alreadyCompliant', reason: KEY } },
    {
      live: OWN_KEYS,
      parameters: { kmsKey: KEY },
      leads: { outcome: 'alreadyCompliant', reason: '"SSEAlgorithm":"AES256"' },
    },
    {
      live: OWN_KEYS,
      finding: asksForKms,
      leads: {
        outcome: 'notApplicable',
        reason: 'the finding asks for a key of KMS: say in parameters.kmsKey of the policy which it is',
      },
    },
    {
      live: { rules: [{ ...OWN_KEYS.rules[0], BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } }] },
      finding: asksForKms,
      parameters: { kmsKey: KEY },
      should: byKey(KEY, { BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] }, BucketKeyEnabled: true }),
      caution: `whoever writes to it needs kms:GenerateDataKey on ${KEY}`,
      leads: 'set',
    },
    {
      live: rule('aws:kms:dsse', {}, OTHER_KEY),
      finding: asksFor(`${KEY}, ${KEY}2`),
      parameters: { kmsKey: KEY },
      should: rule('aws:kms:dsse', { BucketKeyEnabled: true }, KEY),
      caution: 'whoever reads what is written then kms:Decrypt',
      leads: 'set',
    },
    {
      live: byKey(OTHER_KEY),
      finding: asksFor(KEY),
      leads: {
        outcome: 'notApplicable',
        reason: `the finding asks for one of ${KEY}: say in parameters.kmsKey`,
      },
    },
    {
      live: OWN_KEYS,
      finding: asksFor(KEY),
      parameters: { kmsKey: OTHER_KEY },
      leads: {
        outcome: 'notApplicable',
        reason: `the rule asks for one of ${KEY}, which parameters.kmsKey is not`,
      },
    },
    {
      live: byKey(KEY),
      finding: asksFor(KEY),
      parameters: { kmsKey: KEY },
      leads: { outcome: 'alreadyCompliant', reason: KEY },
    },
    {
      live: rule('aws:kms'),
      finding: { ...asksForKms, source: 'securityhub', type: 'S3.17' },
      leads: { outcome: 'alreadyCompliant', reason: 'aws:kms' },
    },
    {
      live: { rules: [{}] },
      leads: { outcome: 'failed', reason: 'AWS does not say how the bucket is encrypted' },
    },
  ],
  change: 's3:PutEncryptionConfiguration',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-not-encrypted'
      await send('s3', 'CreateBucket', { Bucket })
      const live = () =>
        send('s3', 'GetBucketEncryption', { Bucket }).then(
          ({ ServerSideEncryptionConfiguration: live }) =>
            live!.Rules![0]!.ApplyServerSideEncryptionByDefault!.SSEAlgorithm,
          ({ name }) => name,
        )
      return { id: Bucket, live, should: 'AES256' }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({
    s3: {
      ...bucketTagging(bucket),
      GetBucketEncryption: (input) => {
        there(bucket, 's3:GetEncryptionConfiguration', input)
        if (!bucket.values)
          throw absent('s3:GetEncryptionConfiguration', 'ServerSideEncryptionConfigurationNotFoundError')
        return { ServerSideEncryptionConfiguration: { Rules: bucket.values.rules } }
      },
      PutBucketEncryption: ({ ServerSideEncryptionConfiguration: given }) => {
        there(bucket, 's3:PutEncryptionConfiguration')
        bucket.values = { rules: (given as Fields).Rules }
        return {}
      },
      DeleteBucketEncryption: () => {
        there(bucket, 's3:PutEncryptionConfiguration')
        bucket.values = null
        return {}
      },
    },
  }),
}
