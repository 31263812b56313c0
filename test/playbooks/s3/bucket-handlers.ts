import type { Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource } from '../setting-table.ts'
import { bucketTagging, there } from './bucket-answers.ts'

/** What S3 answers about the policy of a table's bucket, its website and its tags. */
export const ofBucketPolicy = (bucket: LiveResource): Handlers => ({
  ...bucketTagging(bucket),
  GetBucketPolicy: (input) => {
    there(bucket, 's3:GetBucketPolicy', input)
    const { policy } = bucket.values ?? {}
    if (policy === undefined) throw absent('s3:GetBucketPolicy', 'NoSuchBucketPolicy')
    return { Policy: policy }
  },
  GetBucketWebsite: (input) => {
    there(bucket, 's3:GetBucketWebsite', input)
    if (!bucket.more.website) throw absent('s3:GetBucketWebsite', 'NoSuchWebsiteConfiguration')
    return { IndexDocument: { Suffix: 'index.html' } }
  },
  PutBucketPolicy: ({ Policy }) => {
    there(bucket, 's3:PutBucketPolicy')
    bucket.values = { ...bucket.values, policy: Policy }
    return {}
  },
  DeleteBucketPolicy: () => {
    there(bucket, 's3:DeleteBucketPolicy')
    const { policy: _, ...others } = bucket.values ?? {}
    bucket.values = Object.keys(others).length > 0 ? others : null
    return {}
  },
})
