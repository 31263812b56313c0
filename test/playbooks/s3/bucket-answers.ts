import { type Fields, failure, type Handlers } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource } from '../setting-table.ts'

/**
 * What AWS says of a bucket that is not there.
 * @param read the input of a read: it has to say whose bucket is meant, for another account may have taken the name
 */
export function there({ isThere }: LiveResource, action: string, read?: Fields): void {
  if (read && read.ExpectedBucketOwner !== '123456789012') throw failure(action, 'AccessDenied')
  if (!isThere) throw absent(action, 'NoSuchBucket')
}

/** The tags of a bucket as AWS gives them. */
export const bucketTagging = (bucket: LiveResource): Handlers => ({
  GetBucketTagging: (input) => {
    there(bucket, 's3:GetBucketTagging', input)
    if (bucket.tags.length === 0) throw absent('s3:GetBucketTagging', 'NoSuchTagSet')
    return { TagSet: bucket.tags }
  },
})
