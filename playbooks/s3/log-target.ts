import { AwsError, isGone } from '../../src/playbook/aws-error.ts'
import type { Reader } from '../../src/playbook/playbook.ts'
import { type Looking, lookCall } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'
import { ownBucket } from './bucket.ts'

/** The service that delivers access logs, and the group that did before there were policies for it. */
const LOGGING = 'logging.s3.amazonaws.com'
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery'

export interface LogTarget {
  /** The bucket whose logs they are. */
  of: string
  /** Why no logs can be sent there; absent: nothing speaks against it. */
  against?: string
}

/**
 * Looks whether access logs of a bucket can be sent to the bucket of `parameters.targetBucket`. Server access logging
 * never tells when it fails: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export const logTarget: Looking<LogTarget, { targetBucket: string }> = {
  calls: [
    lookCall(s3, 'GetBucketLogging', { ofOne: true }),
    lookCall(s3, 'GetBucketEncryption', { ofOne: true }),
    lookCall(s3, 'GetBucketPolicy', { ofOne: true }),
    lookCall(s3, 'GetBucketAcl', { ofOne: true }),
  ],
  async at(aws, { id }, asked) {
    const bucket = asked?.parameters.targetBucket ?? 'none'
    if (bucket === id)
      return { of: id, against: 'it is the bucket of the logs: each log would make another one' }
    if (bucket === 'none' || !asked?.first) return { of: id }
    const against = await unlessGone(whyNot(aws, bucket, id), bucket)
    return { of: id, ...(against !== undefined && { against }) }
  },
}

/** It is not the bucket whose logs they are that is gone. */
async function unlessGone(why: Promise<string | undefined>, bucket: string): Promise<string | undefined> {
  try {
    return await why
  } catch (error) {
    if (isGone(error)) return `there is no bucket ${bucket} (parameters.targetBucket)`
    throw error
  }
}

async function whyNot(aws: Reader, bucket: string, source: string): Promise<string | undefined> {
  const of = ownBucket(bucket, undefined, aws)
  const [{ LoggingEnabled: own }, key, policy, { Grants = [] }] = await Promise.all([
    aws.read('s3', 'GetBucketLogging', of),
    unless(
      'ServerSideEncryptionConfigurationNotFoundError',
      aws.read('s3', 'GetBucketEncryption', of),
      ({ ServerSideEncryptionConfiguration: { Rules = [] } = { Rules: [] } }) =>
        Rules[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ),
    unless('NoSuchBucketPolicy', aws.read('s3', 'GetBucketPolicy', of), ({ Policy }) => Policy),
    aws.read('s3', 'GetBucketAcl', of),
  ])
  if (own?.TargetBucket === source)
    return `${bucket} sends its own logs here: each log would make another one, without end`
  if (key?.startsWith('aws:kms')) return `${bucket} encrypts with KMS, where access logs cannot be delivered`
  const mayWrite =
    policy?.includes(LOGGING) ||
    Grants.some(
      ({ Grantee, Permission = '' }) => Grantee?.URI === LOG_DELIVERY && /WRITE|FULL/.test(Permission),
    )
  return mayWrite
    ? undefined
    : `log delivery may not write to ${bucket}: let its policy allow ${LOGGING} s3:PutObject there`
}

/** What an answer says, undefined where the error says that there is none. */
async function unless<A, T>(code: string, read: Promise<A>, said: (answer: A) => T): Promise<T | undefined> {
  try {
    return said(await read)
  } catch (error) {
    if (error instanceof AwsError && error.code === code) return undefined
    throw error
  }
}
