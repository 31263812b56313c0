import type { Bucket } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import { AwsError } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import { type Looking, lookCall } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'

/** The buckets of an account that everybody may use now. */
export interface PublicBuckets {
  names: string[]
  /** Buckets of which that could not be read, and the first thing that AWS said. */
  unread: { count: number; why?: string }
  /** Buckets beyond those that are looked at. */
  beyond: number
}

/** Most buckets that are looked at: with more of them a person is asked anyhow. */
const MOST = 200
/** Reads at a time. */
const AT_ONCE = 8

/** Groups of ACLs: everybody, and everybody who has an account with AWS. */
const EVERYBODY = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/

/** Looks through all buckets of the account, in all regions, before something is changed for all of them. */
export const publicBuckets: Looking<{ told?: PublicBuckets }> = {
  calls: [
    lookCall(s3, 'ListBuckets'),
    lookCall(s3, 'GetBucketPolicyStatus', { isOptional: true }),
    lookCall(s3, 'GetBucketAcl', { isOptional: true }),
  ],
  async at(aws, _target, asked) {
    if (asked && !asked.first) return {}
    const all = await aws.list('s3', 'ListBuckets', {}, 'Buckets')
    const limit = pLimit(AT_ONCE)
    const looked = await Promise.all(
      all.slice(0, MOST).map((bucket) => limit(() => unlessUnread(isPublic(aws, bucket)))),
    )
    const failed = looked.filter((each) => each instanceof AwsError)
    const [first] = failed
    return {
      told: {
        names: all.flatMap(({ Name = '' }, index) => (looked[index] === true ? [Name] : [])).sort(),
        unread: { count: failed.length, ...(first && { why: `${first.action}: ${first.message}` }) },
        beyond: Math.max(0, all.length - MOST),
      },
    }
  },
}

/** An error is an answer here: it is told, and a person looks. */
async function unlessUnread(look: Promise<boolean>): Promise<boolean | AwsError> {
  try {
    return await look
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}

async function isPublic(aws: Reader, { Name = '', BucketRegion }: Bucket): Promise<boolean> {
  const there = aws.at(BucketRegion ?? aws.region)
  const [policy, { Grants = [] }] = await Promise.all([
    policyIsPublic(there, Name),
    there.read('s3', 'GetBucketAcl', { Bucket: Name }),
  ])
  return policy || Grants.some(({ Grantee }) => EVERYBODY.test(Grantee?.URI ?? ''))
}

async function policyIsPublic(aws: Reader, Bucket: string): Promise<boolean> {
  try {
    const { PolicyStatus } = await aws.read('s3', 'GetBucketPolicyStatus', { Bucket })
    return PolicyStatus?.IsPublic === true
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchBucketPolicy') return false
    throw error
  }
}
