import type { Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource } from '../setting-table.ts'

/** Whatever is asked of a bucket that is not there, or that another account owns. */
export function bucketThere({ isThere }: LiveResource, action: string, owner: unknown = OWNER): void {
  if (!isThere) throw absent(action, 'NoSuchBucket')
  if (owner !== OWNER) throw absent(action, 'AccessDenied')
}

const OWNER = '123456789012'

/** What S3 answers about the policy of a table's bucket, its website and its tags. */
export const ofBucketPolicy = (bucket: LiveResource): Handlers => ({
  GetBucketPolicy: ({ ExpectedBucketOwner }) => {
    bucketThere(bucket, 's3:GetBucketPolicy', ExpectedBucketOwner)
    const { policy } = bucket.values ?? {}
    if (policy === undefined) throw absent('s3:GetBucketPolicy', 'NoSuchBucketPolicy')
    return { Policy: policy }
  },
  GetBucketWebsite: ({ ExpectedBucketOwner }) => {
    bucketThere(bucket, 's3:GetBucketWebsite', ExpectedBucketOwner)
    if (!bucket.more.website) throw absent('s3:GetBucketWebsite', 'NoSuchWebsiteConfiguration')
    return { IndexDocument: { Suffix: 'index.html' } }
  },
  GetBucketTagging: ({ ExpectedBucketOwner }) => {
    bucketThere(bucket, 's3:GetBucketTagging', ExpectedBucketOwner)
    if (bucket.tags.length === 0) throw absent('s3:GetBucketTagging', 'NoSuchTagSet')
    return { TagSet: bucket.tags }
  },
  PutBucketPolicy: ({ Policy, ExpectedBucketOwner }) => {
    bucketThere(bucket, 's3:PutBucketPolicy', ExpectedBucketOwner)
    bucket.values = { ...bucket.values, policy: Policy }
    return {}
  },
  DeleteBucketPolicy: ({ ExpectedBucketOwner }) => {
    bucketThere(bucket, 's3:DeleteBucketPolicy', ExpectedBucketOwner)
    const { policy: _, ...others } = bucket.values ?? {}
    bucket.values = Object.keys(others).length > 0 ? others : null
    return {}
  },
})
