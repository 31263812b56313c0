import type { BucketLoggingStatus, LoggingEnabled } from '@aws-sdk/client-s3'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import type { Json } from '../../src/playbook/json.ts'
import { config, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { type NotApplicable, notApplicable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, read } from '../../src/playbook/setting/looks.ts'
import { s3 } from '../services.ts'
import { BUCKET, bucketTags, ownBucket } from './bucket.ts'
import { type LogTarget, logTarget } from './log-target.ts'

const parameters = z.strictObject({
  targetBucket: z
    ._default(z.string(), 'none')
    .check(
      z.describe(
        'the bucket of the same account and region that the logs go to; `none`: nothing is switched on',
      ),
    ),
  targetPrefix: z
    ._default(z.string(), '{bucket}/')
    .check(z.describe('what the keys of the logs begin with; `{bucket}` is the bucket that they are about')),
})

type Parameters = z.output<typeof parameters>
type Values = { LoggingEnabled: Json }

/** Lets S3 write down who asks for the objects of a bucket. */
export const enableAccessLogging = defineSetting({
  id: 's3-enable-access-logging',
  title: 'Log who uses a bucket',
  about: {
    risk: 'After an incident nobody can tell what was read: calls on objects are in no other log unless CloudTrail is told to keep data events.',
    breaks:
      'Nothing fails; the logs are paid for where they are kept. A bucket that logs to itself, or two that log to each other, would never end: both are refused, as is a bucket where the logs could not be delivered, which S3 tells nobody.',
  },
  implements: ['s3-access-logging'],
  ...BUCKET,
  answers: [
    config('S3_BUCKET_LOGGING_ENABLED'),
    // CloudTrail.7: of the bucket that a trail is kept in.
    securityHub('S3.9', 'CloudTrail.7'),
    // No security check: its type is its name.
    trustedAdvisor('Amazon S3 Bucket Logging'),
    prowler('s3_bucket_server_access_logging_enabled'),
  ],
  ruleParameters: ['S3_BUCKET_LOGGING_ENABLED'],
  suggestedMode: 'approve',
  parameters,
  look: allOf({
    logging: read(s3, 'GetBucketLogging', ownBucket, ({ LoggingEnabled: live }) => ({ live })),
    target: logTarget,
  }),
  tags: bucketTags,
  values: ({ logging: { live } }): Values | null => (live ? { LoggingEnabled: plain(live) } : null),
  should: (given, { logging: { live }, target }, findings) =>
    live ? asItIs(live, findings) : wanted(given, target, findings),
  set: (Bucket, values) =>
    call('s3', 'PutBucketLogging', { Bucket, BucketLoggingStatus: values as unknown as BucketLoggingStatus }),
  unset: (Bucket) => call('s3', 'PutBucketLogging', { Bucket, BucketLoggingStatus: {} }),
  changes: [{ action: 's3:PutBucketLogging', resource: BUCKET.arn }],
  property: 'LoggingConfiguration',
  effect: 'each request for its objects is written to the bucket of logs, within hours',
})

const plain = (logging: LoggingEnabled) => structuredClone(logging) as unknown as Json

/** Where the rule of a finding wants the logs, if it says so. */
const bucketOfRule = (findings: readonly Finding[]): string | undefined =>
  findings.map(({ evidence: { ruleParameters } }) => ruleParameters?.targetBucket).find((each) => each)

/** Where logs go already that is left to whoever said so. */
function asItIs(live: LoggingEnabled, findings: readonly Finding[]): Values | NotApplicable {
  const asked = bucketOfRule(findings)
  if (asked === undefined || asked === live.TargetBucket) return { LoggingEnabled: plain(live) }
  return notApplicable(
    `its logs go to ${live.TargetBucket}, and the rule asks for ${asked}: somebody has to decide`,
  )
}

function wanted(
  { targetBucket, targetPrefix }: Parameters,
  { of, against }: LogTarget,
  findings: readonly Finding[],
): Values | NotApplicable {
  const asked = bucketOfRule(findings)
  if (targetBucket === 'none') {
    const which =
      asked === undefined ? 'to which bucket they go' : `that they go to ${asked}, as the rule asks`
    return notApplicable(`say in parameters.targetBucket of the policy ${which}`)
  }
  if (asked !== undefined && asked !== targetBucket)
    return notApplicable(`the rule asks for logs in ${asked}, parameters.targetBucket says ${targetBucket}`)
  if (against !== undefined) return notApplicable(against)
  const TargetPrefix = targetPrefix.replaceAll('{bucket}', of)
  return { LoggingEnabled: { TargetBucket: targetBucket, TargetPrefix } }
}
