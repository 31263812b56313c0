import { call } from '../../src/playbook/api.ts'
import { defineCopies, making } from '../../src/playbook/service/copies.ts'
import { bucketMaking } from '../s3/copies.ts'

const BUCKET = /^arn:[^:]+:s3:::([^/]+)$/

/** What has tags, where its ARN is enough to make it: buckets. */
export const taggedCopies = defineCopies('tag', {
  GetResources: ({ answer, region }) => {
    const all = answer?.ResourceTagMappingList ?? []
    if (all.some(({ ResourceARN = '' }) => !BUCKET.test(ResourceARN)))
      return 'of what has tags only buckets are made by their ARN'
    return all.flatMap(({ ResourceARN = '', Tags: TagSet = [] }) => {
      const Bucket = BUCKET.exec(ResourceARN)![1]!
      return [
        bucketMaking(Bucket, region),
        ...(TagSet.length === 0
          ? []
          : [making(call('s3', 'PutBucketTagging', { Bucket, Tagging: { TagSet } }))]),
      ]
    })
  },
})
