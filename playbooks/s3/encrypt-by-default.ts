import type { ServerSideEncryptionByDefault, ServerSideEncryptionRule } from '@aws-sdk/client-s3'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { commaSeparated } from '../../src/playbook/comma-separated.ts'
import type { Json } from '../../src/playbook/json.ts'
import { cloudTrail, config, macie, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { type NotApplicable, notApplicable, Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'
import { BUCKET, bucketTags, ownBucket } from './bucket.ts'

type Rules = ServerSideEncryptionRule[] | null
type Values = { rules: Json }

/** Detectors that ask for a key of KMS and not only for encryption. */
const ASKS_FOR_KMS = ['S3_DEFAULT_ENCRYPTION_KMS', 'S3.17', 's3_bucket_kms_encryption']
const KEY = /^(none|arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)\/[\w/-]+)$/

/** Lets S3 encrypt what is written to a bucket without a word on encryption. */
export const encryptByDefault = defineSetting({
  id: 's3-encrypt-by-default',
  title: 'Encrypt new objects of a bucket by default',
  about: {
    risk: 'Since January 2023 S3 encrypts every new object at least with keys of its own, so a finding that a bucket has no encryption is mostly stale. A finding that asks for KMS means that whoever may read the bucket needs no right on a key as well.',
    breaks:
      "With S3's own keys nothing. With a key of KMS whoever writes needs `kms:GenerateDataKey` on it and whoever reads `kms:Decrypt`, other accounts too, and deliveries of access logs stop: a person looks first.",
  },
  implements: ['s3-encryption'],
  ...BUCKET,
  answers: [
    config('S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED', 'S3_DEFAULT_ENCRYPTION_KMS'),
    securityHub('S3.4', 'S3.17'),
    macie('Policy:IAMUser/S3BucketEncryptionDisabled'),
    prowler('s3_bucket_default_encryption', 's3_bucket_kms_encryption'),
    cloudTrail('s3:DeleteBucketEncryption'),
  ],
  ruleParameters: ['S3_DEFAULT_ENCRYPTION_KMS'],
  suggestedMode: 'auto',
  parameters: z.strictObject({
    kmsKey: z
      ._default(z.string().check(z.regex(KEY)), 'none')
      .check(
        z.describe(
          'ARN of the KMS key for findings that ask for one, or `none`: then those are left to a person, and S3 encrypts with keys of its own',
        ),
      ),
  }),
  look: read(
    s3,
    'GetBucketEncryption',
    ownBucket,
    ({ ServerSideEncryptionConfiguration: { Rules = [] } = { Rules: [] } }) => ({ rules: Rules as Rules }),
    { ServerSideEncryptionConfigurationNotFoundError: { rules: null } },
  ),
  tags: bucketTags,
  values: ({ rules }): Values | null => (rules === null ? null : { rules: plain(rules) }),
  should: ({ kmsKey }, { rules }, findings) => wanted(kmsKey, rules, findings),
  set: (Bucket, { rules }) =>
    call('s3', 'PutBucketEncryption', {
      Bucket,
      ServerSideEncryptionConfiguration: { Rules: rules as ServerSideEncryptionRule[] },
    }),
  unset: (Bucket) => call('s3', 'DeleteBucketEncryption', { Bucket }),
  changes: [{ action: 's3:PutEncryptionConfiguration', resource: BUCKET.arn }],
  property: 'BucketEncryption',
  effect: 'objects that are written from now on are encrypted; those that are there stay as they are',
  cautions: (_, _asked, wanted) => {
    const key = byDefault(wanted?.rules as Rules)?.KMSMasterKeyID
    if (key === undefined) return []
    return [
      `whoever writes to it needs kms:GenerateDataKey on ${key}, whoever reads what is written then kms:Decrypt; access logs of other buckets arrive there no more`,
    ]
  },
})

/** AWS always says whether a bucket key is used, and takes nothing for "no". */
const plain = (rules: readonly ServerSideEncryptionRule[]) =>
  rules.map((rule) => ({ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false })) as unknown as Json
const byDefault = (rules: Rules) => rules?.[0]?.ApplyServerSideEncryptionByDefault

/** A bucket has one rule: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionConfiguration.html */
function wanted(kmsKey: string, rules: Rules, findings: readonly Finding[]): Values | NotApplicable {
  const { SSEAlgorithm: live, KMSMasterKeyID: liveKey } = byDefault(rules) ?? {}
  if (rules !== null && (live === undefined || rules.length > 1))
    throw new Unplannable('AWS does not say how the bucket is encrypted, or in a way that is not understood')
  const isByKms = live === 'aws:kms' || live === 'aws:kms:dsse'
  const asked = findings.filter(({ type }) => ASKS_FOR_KMS.includes(type))
  const allowed = asked.flatMap(({ evidence: { ruleParameters } }) =>
    commaSeparated(ruleParameters?.kmsKeyArns),
  )
  const isAllowed = (key: string | undefined) => allowed.length === 0 || allowed.includes(key ?? '')

  if (rules !== null && (asked.length === 0 || (isByKms && isAllowed(liveKey) && kmsKey === 'none')))
    return { rules: plain(rules) }
  if (kmsKey === 'none' && asked.length > 0) {
    const which = allowed.length > 0 ? `one of ${allowed.join(', ')}` : 'a key of KMS'
    return notApplicable(`the finding asks for ${which}: say in parameters.kmsKey of the policy which it is`)
  }
  if (kmsKey === 'none')
    return { rules: plain([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]) }
  if (!isAllowed(kmsKey))
    return notApplicable(`the rule asks for one of ${allowed.join(', ')}, which parameters.kmsKey is not`)
  if (isByKms && liveKey === kmsKey) return { rules: plain(rules!) }
  const to: ServerSideEncryptionByDefault = {
    SSEAlgorithm: isByKms ? live : 'aws:kms',
    KMSMasterKeyID: kmsKey,
  }
  return { rules: plain([{ ...rules?.[0], ApplyServerSideEncryptionByDefault: to, BucketKeyEnabled: true }]) }
}
