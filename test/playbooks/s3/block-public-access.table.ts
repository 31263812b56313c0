import { blockPublicAccess } from '../../../playbooks/s3/block-public-access.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type SettingTable } from '../setting-table.ts'
import { bucketTagging, there } from './bucket-answers.ts'

const block = (on: boolean) => ({
  BlockPublicAcls: on,
  IgnorePublicAcls: on,
  BlockPublicPolicy: on,
  RestrictPublicBuckets: on,
})

export const table: SettingTable = {
  playbook: blockPublicAccess,
  finding: { type: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED', id: 'open-data' },
  id: 'open-data',
  should: block(true),
  other: { ...block(true), BlockPublicPolicy: false },
  rows: [
    { live: null, leads: 'set' },
    { live: block(false), leads: 'set' },
    { live: { ...block(true), RestrictPublicBuckets: false }, leads: 'set' },
    {
      live: block(true),
      leads: { outcome: 'alreadyCompliant', reason: 'RestrictPublicBuckets: true already' },
    },
  ],
  change: 's3:PutBucketPublicAccessBlock',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-unblocked'
      await send('s3', 'CreateBucket', { Bucket })
      const live = () =>
        send('s3', 'GetPublicAccessBlock', { Bucket }).then(
          ({ PublicAccessBlockConfiguration: live }) => live,
          ({ name }) => name,
        )
      return { id: Bucket, live, should: block(true) }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({
    s3: {
      GetPublicAccessBlock: (input) => {
        there(bucket, 's3:GetBucketPublicAccessBlock', input)
        if (!bucket.values)
          throw absent('s3:GetBucketPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration')
        return { PublicAccessBlockConfiguration: bucket.values }
      },
      ...bucketTagging(bucket),
      PutPublicAccessBlock: ({ PublicAccessBlockConfiguration }) => {
        there(bucket, 's3:PutBucketPublicAccessBlock')
        bucket.values = PublicAccessBlockConfiguration as Fields
        return {}
      },
      DeletePublicAccessBlock: () => {
        there(bucket, 's3:PutBucketPublicAccessBlock')
        bucket.values = null
        return {}
      },
    },
  }),
}
