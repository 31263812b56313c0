import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { definePolicyEdit } from '../../src/playbook/policy-document/define-policy-edit.ts'
import { allOf, itself } from '../../src/playbook/setting/looks.ts'
import { policyOfBucket, websiteOfBucket } from './access/bucket-looks.ts'
import { logArchive } from './access/log-archive.ts'
import { requiringTls } from './access/tls-statement.ts'
import { BUCKET, bucketTags } from './bucket.ts'

/** Has a bucket refuse what comes by plain HTTP: a statement more in its policy, or a policy of its own. */
export const requireTls = definePolicyEdit({
  id: 's3-require-tls',
  title: 'Refuse plain HTTP to a bucket',
  about: {
    risk: 'Who sits on the way of a request by plain HTTP reads the objects and the signature along with it, and can change what comes back.',
    breaks:
      'Programs that still ask by `http://` are refused. A website that the bucket itself serves knows nothing else, so that a person looks first where there is one. For others the server access logs tell before: requests by plain HTTP have no cipher suite there.',
  },
  implements: ['s3-ssl-only'],
  ...BUCKET,
  answers: [
    config('S3_BUCKET_SSL_REQUESTS_ONLY'),
    securityHub('S3.5'),
    prowler('s3_bucket_secure_transport_policy'),
  ],
  suggestedMode: 'auto',
  look: allOf({ bucket: itself, policy: policyOfBucket, website: websiteOfBucket }),
  tags: bucketTags,
  policyIn: ({ policy }) => policy.text,
  untouchable: ({ policy }) => logArchive(policy.text),
  edit: (document, { bucket }) => requiringTls(document, bucket.resource),
  already: 'the policy refuses plain HTTP to the bucket and to all that is in it',
  put: (Bucket, Policy) => call('s3', 'PutBucketPolicy', { Bucket, Policy }),
  drop: (Bucket) => call('s3', 'DeleteBucketPolicy', { Bucket }),
  changes: [
    { action: 's3:PutBucketPolicy', resource: BUCKET.arn },
    { action: 's3:DeleteBucketPolicy', resource: BUCKET.arn },
  ],
  property: 'PolicyDocument of AWS::S3::BucketPolicy',
  effect: 'whoever asks by plain HTTP is refused',
  cautions: ({ website }) =>
    website.isServed ? ['the bucket serves a website, which plain HTTP alone can reach'] : [],
  warnings: () => ['programs that ask by http:// fail: in server access logs their cipher suite is "-"'],
})
