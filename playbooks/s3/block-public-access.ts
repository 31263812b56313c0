import { call } from '../../src/playbook/api.ts'
import {
  accessAnalyzer,
  config,
  guardDuty,
  macie,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'
import { ALL_BLOCKED, blockSeen } from './block-flags.ts'
import { BUCKET, bucketTags, ownBucket } from './bucket.ts'

/** Switches a bucket's own block of public access on, all of it. Where it had none, an undo takes it away again. */
export const blockPublicAccess = defineSetting({
  id: 's3-block-public-access',
  title: 'Block public access to a bucket',
  about: {
    risk: 'A bucket that everybody may list or read is found and copied by those who look for such buckets all day.',
    breaks:
      'Whoever reads without credentials, or by a public policy from another account, is refused; so is the website that the bucket itself serves. What CloudFront reads by its own identity goes on.',
  },
  implements: ['s3-bpa-bucket'],
  ...BUCKET,
  property: 'PublicAccessBlockConfiguration',
  answers: [
    config('S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED', 'S3_BUCKET_PUBLIC_*_PROHIBITED'),
    guardDuty(
      'Policy:S3/BucketBlockPublicAccessDisabled',
      'Policy:S3/BucketAnonymousAccessGranted',
      'Policy:S3/BucketPublicAccessGranted',
    ),
    securityHub('S3.2', 'S3.3', 'S3.8'),
    // Bucket permissions; a bucket that could not be looked at is read as no finding.
    trustedAdvisor('Pfx0RwqBli'),
    prowler('s3_bucket_level_public_access_block', 's3_bucket_public_access'),
    macie('Policy:IAMUser/S3BlockPublicAccessDisabled', 'Policy:IAMUser/S3BucketPublic'),
    accessAnalyzer('AWS::S3::Bucket'),
  ],
  suggestedMode: 'approve',
  look: read(
    s3,
    'GetPublicAccessBlock',
    ownBucket,
    (answer) => blockSeen(answer.PublicAccessBlockConfiguration),
    { NoSuchPublicAccessBlockConfiguration: null },
  ),
  tags: bucketTags,
  values: (live) => live,
  should: ALL_BLOCKED,
  set: (Bucket, values) =>
    call('s3', 'PutPublicAccessBlock', { Bucket, PublicAccessBlockConfiguration: values }),
  unset: (Bucket) => call('s3', 'DeletePublicAccessBlock', { Bucket }),
  effect: 'whoever reads without credentials, or by a public policy from another account, is refused',
  warnings: () => ['a website that the bucket itself serves answers 403 from then on'],
})
