import type { LifecycleRule } from '@aws-sdk/client-s3'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { notApplicable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, atFirst, read } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'
import { BUCKET, bucketTags, ownBucket } from './bucket.ts'

const lifecycle = atFirst(
  read(s3, 'GetBucketLifecycleConfiguration', ownBucket, ({ Rules = [] }) => Rules, {
    NoSuchLifecycleConfiguration: [] as LifecycleRule[],
  }),
)

/** Keeps what is overwritten or deleted in a bucket as an older version. */
export const enableVersioning = defineSetting({
  id: 's3-enable-versioning',
  title: 'Keep versions of the objects of a bucket',
  about: {
    risk: 'What is overwritten or deleted, by mistake or by whoever wants a ransom for it, is lost for good.',
    breaks:
      'Nothing fails, but every version is paid for until a lifecycle rule or somebody deletes it, and deleted objects stay readable by version. Versioning can never be switched off again: an undo suspends it. The plan says whether a lifecycle rule ends old versions.',
  },
  implements: ['s3-versioning'],
  ...BUCKET,
  answers: [
    config('S3_BUCKET_VERSIONING_ENABLED'),
    securityHub('S3.14'),
    // No security check: its type is its name.
    trustedAdvisor('Amazon S3 Bucket Versioning'),
    prowler('s3_bucket_object_versioning'),
    cloudTrail('s3:PutBucketVersioning'),
  ],
  ruleParameters: ['S3_BUCKET_VERSIONING_ENABLED'],
  suggestedMode: 'approve',
  look: allOf({ versioning: read(s3, 'GetBucketVersioning', ownBucket, (answer) => answer), lifecycle }),
  tags: bucketTags,
  // A bucket that never had versions has no status (API_GetBucketVersioning): the nearest that can be set again.
  values: ({ versioning: { Status = 'Suspended' } }) => ({ Status }),
  should: (_, { versioning: { MFADelete } }, findings) =>
    MFADelete !== 'Enabled' && findings.some(asksForMfa)
      ? notApplicable(
          'the rule asks for MFA delete, too: only the root user can switch both on, with its MFA device',
        )
      : { Status: 'Enabled' as const },
  set: (Bucket, { Status }) =>
    call('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status } }),
  changes: [{ action: 's3:PutBucketVersioning', resource: BUCKET.arn }],
  unless: ({ versioning: { Status, MFADelete } }) =>
    Status !== 'Enabled' && MFADelete === 'Enabled'
      ? 'MFA delete is on: only the root user can change its versioning, with its MFA device'
      : undefined,
  property: 'VersioningConfiguration.Status',
  effect: 'what is overwritten or deleted from now on stays there as an older version, and is paid for',
  warnings: ({ versioning: { Status }, lifecycle: { told = [] } }) => [
    'versioning cannot be switched off again: an undo suspends it, and versions that were made by then stay',
    ...(told.some(endsOldVersions)
      ? []
      : [
          'no lifecycle rule ends old versions (NoncurrentVersionExpiration): they are kept, and paid for, for ever',
        ]),
    ...(Status === undefined
      ? [
          'AWS advises to wait 15 minutes before the next write: until then reads of a new object may answer 404',
        ]
      : []),
  ],
})

/** Parameter of the rule, which most leave out. */
const asksForMfa = ({ evidence: { ruleParameters } }: Finding): boolean =>
  ruleParameters?.isMfaDeleteEnabled?.toLowerCase() === 'true'

const endsOldVersions = ({ Status, NoncurrentVersionExpiration }: LifecycleRule): boolean =>
  Status === 'Enabled' && NoncurrentVersionExpiration !== undefined
