import * as z from 'zod/mini'
import {
  accessAnalyzer,
  cloudTrail,
  config,
  guardDuty,
  macie,
  prowler,
  securityHub,
  trustedAdvisor,
} from '../../src/playbook/matchers.ts'
import { definePlaybook, gone, notApplicable, ownTargets } from '../../src/playbook/playbook.ts'
import { allOf } from '../../src/playbook/setting/looks.ts'
import { tagsAt } from '../../src/playbook/setting/read-tags.ts'
import {
  accessListOfBucket,
  blockOfBucket,
  judgementOfBucket,
  policyOfBucket,
  websiteOfBucket,
} from './access/bucket-looks.ts'
import { logArchive } from './access/log-archive.ts'
import { type GrantsState, isAsIn, observedGrants, planGrants, sameInBoth } from './access/public-grants.ts'
import { BUCKET, bucketTags } from './bucket.ts'

const decisive = allOf({ policy: policyOfBucket, judgement: judgementOfBucket, list: accessListOfBucket })
const beside = allOf({ website: websiteOfBucket, block: blockOfBucket })
const reads = [...decisive.calls, ...beside.calls, ...bucketTags.calls].map(({ action }) => action)

/** Takes everybody out of a bucket's policy and of its access control list; whoever is named stays in both. */
export const removePublicGrants = definePlaybook<Record<string, never>, GrantsState>({
  id: 's3-remove-public-grants',
  title: 'Take everybody out of the policy and the grants of a bucket',
  about: {
    risk: 'Anybody on the internet can list, read or overwrite what is in the bucket, as far as the statement or the grant goes. Open buckets are searched for, and what was read once cannot be taken back.',
    breaks:
      'Whoever comes without being named is refused: visitors of a website that the bucket serves, browsers that load its objects, a CloudFront distribution that has no identity of its own in the policy. A website, CloudFront in the policy and conditions on a statement make a person look first; what S3 itself does not take for public is left alone.',
  },
  implements: ['s3-remove-public-statement'],
  ...BUCKET,
  answers: [
    config('S3_BUCKET_PUBLIC_*_PROHIBITED', 'S3_BUCKET_ACL_PROHIBITED', 'S3_BUCKET_POLICY_GRANTEE_CHECK'),
    securityHub('S3.2', 'S3.3', 'S3.12'),
    guardDuty('Policy:S3/BucketAnonymousAccessGranted', 'Policy:S3/BucketPublicAccessGranted'),
    // Bucket permissions; a bucket that could not be looked at is read as no finding.
    trustedAdvisor('Pfx0RwqBli'),
    prowler(
      's3_bucket_public_access',
      's3_bucket_policy_public_write_access',
      's3_bucket_public_list_acl',
      's3_bucket_public_write_acl',
    ),
    macie('Policy:IAMUser/S3BucketPublic'),
    accessAnalyzer('AWS::S3::Bucket'),
    cloudTrail('s3:PutBucketPolicy', 's3:PutBucketAcl'),
  ],
  parameters: z.strictObject({}) as z.ZodMiniType<Record<string, never>>,
  suggestedMode: 'approve',
  reads,
  readsOn: Object.fromEntries(reads.map((action) => [action, [BUCKET.arn]])),
  writes: ['PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl'].map((operation) => ({
    action: `s3:${operation}`,
    resource: BUCKET.arn,
  })),
  property: 'PolicyDocument of AWS::S3::BucketPolicy and AccessControl of the bucket',

  async targets(finding) {
    const own = ownTargets(BUCKET, finding)
    return own.length > 0 ? own : notApplicable('the finding names no bucket')
  },

  async inspect(target, _parameters, aws, { first }) {
    const [seen, more, tags] = await Promise.all([
      decisive.at(aws, target),
      first ? beside.at(aws, target) : undefined,
      first ? tagsAt(bucketTags.at(aws, target)) : undefined,
    ])
    if (seen === undefined || (first && more === undefined) || tags === 'gone') return gone
    const { isPublic } = seen.judgement
    const state: GrantsState = {
      account: aws.account,
      policy: seen.policy.text,
      // S3 may not have judged anew what was put a moment ago: later looks take its word for what it does not mind only.
      ...((first || isPublic === false) && isPublic !== undefined && { isPolicyPublic: isPublic }),
      list: seen.list,
      ...(more && { isWebsite: more.website.isServed, blocks: more.block }),
    }
    const what = first ? logArchive(seen.policy.text) : undefined
    return { state, ...(tags && { tags }), ...(what !== undefined && { untouchable: what }) }
  },

  plan: (state, findings, _parameters, target) => planGrants(state, findings, target),
  observe: observedGrants,
  status(step, state, plan) {
    const now = observedGrants(state)
    if (isAsIn(plan.after, step, now)) return 'done'
    return isAsIn(plan.before, step, now) ? 'todo' : 'conflict'
  },
  same: sameInBoth,

  async impact() {
    return {
      summary: 'whoever reads or writes without being named is refused; what others have copied stays theirs',
      affected: [],
      count: 0,
    }
  },
})
