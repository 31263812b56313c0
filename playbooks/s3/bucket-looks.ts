import { Unplannable } from '../../src/playbook/playbook.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { ownBucket } from './bucket.ts'
import { s3 } from './service.ts'

/** The text of the policy; null: there is none. */
export const policyOfBucket = read(
  s3,
  'GetBucketPolicy',
  ownBucket,
  ({ Policy }) => {
    if (!Policy) throw new Unplannable('AWS does not say the policy of the bucket')
    return { text: Policy as string | null }
  },
  { NoSuchBucketPolicy: { text: null } },
)

/** Whether S3 serves it as a website, which it does by plain HTTP only. */
export const websiteOfBucket = read(s3, 'GetBucketWebsite', ownBucket, () => ({ isServed: true }), {
  NoSuchWebsiteConfiguration: { isServed: false },
})
