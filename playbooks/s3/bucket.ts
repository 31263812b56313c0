import type { Reader } from '../../src/playbook/playbook.ts'
import { nameIds } from '../../src/playbook/resource/resource-form.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { s3 } from '../services.ts'

/** What all playbooks about buckets say of them. */
export const BUCKET = {
  resource: 'AWS::S3::Bucket',
  // Buckets of before March 2018 in us-east-1 have up to 255 characters, capitals and underscores.
  ids: nameIds(/[\w.-]/, 255, ['my-bucket']),
  arn: 'arn:{partition}:s3:::{id}',
  tagsOf: 'the bucket',
}

/** The bucket of that name, while it is the account's: another account may have taken the name since. */
export const ownBucket = (Bucket: string, _target: unknown, { account }: Pick<Reader, 'account'>) => ({
  Bucket,
  ExpectedBucketOwner: account,
})

export const bucketTags = read(s3, 'GetBucketTagging', ownBucket, ({ TagSet }) => tagsIn(TagSet), {
  NoSuchTagSet: {},
})
