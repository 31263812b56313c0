import { Unplannable } from '../../../src/playbook/playbook.ts'
import { read } from '../../../src/playbook/setting/looks.ts'
import { ownBucket } from '../bucket.ts'
import { s3 } from '../service.ts'

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

/** What S3 itself thinks of the policy; absent where it has not said. */
export const judgementOfBucket = read(
  s3,
  'GetBucketPolicyStatus',
  ownBucket,
  ({ PolicyStatus }) => ({ isPublic: PolicyStatus?.IsPublic }),
  { NoSuchBucketPolicy: { isPublic: false } },
)

/** Who is let in by the access control list; that shows nothing public while the bucket ignores it. */
export const accessListOfBucket = read(s3, 'GetBucketAcl', ownBucket, ({ Owner, Grants }) => {
  if (!Owner?.ID || !Grants) throw new Unplannable('AWS does not say the access control list of the bucket')
  return { owner: Owner, grants: Grants }
})

/** What keeps public policies and lists from being put. */
export const blockOfBucket = read(
  s3,
  'GetPublicAccessBlock',
  ownBucket,
  ({ PublicAccessBlockConfiguration: { BlockPublicAcls, BlockPublicPolicy } = {} }) => ({
    lists: BlockPublicAcls === true,
    policies: BlockPublicPolicy === true,
  }),
  { NoSuchPublicAccessBlockConfiguration: { lists: false, policies: false } },
)
