import { requireTls } from '../../../playbooks/s3/require-tls.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import type { SettingTable } from '../setting-table.ts'
import { ofBucketPolicy } from './bucket-handlers.ts'

const ARN = 'arn:aws:s3:::reports'
/** As AWS Config's guide and Security Hub's remediation have it. */
const denial = (more: object = {}) => ({
  Sid: 'RequireTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, `${ARN}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  ...more,
})
const delivery = {
  Sid: 'AWSCloudTrailWrite',
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `${ARN}/AWSLogs/*`,
}
const ofObjects = denial({ Sid: 'AllowSSLRequestsOnly', Resource: `${ARN}/*` })
const ALREADY = 'the policy refuses plain HTTP to the bucket and to all that is in it'

export const table: SettingTable = {
  playbook: requireTls,
  finding: { type: 'S3_BUCKET_SSL_REQUESTS_ONLY', id: 'reports' },
  id: 'reports',
  should: holding(delivery, denial())!,
  other: holding(delivery),
  rows: [
    edits([delivery], [delivery, denial()]),
    edits([], [denial()]),
    edits([ofObjects], [ofObjects, denial()]),
    // A name is taken once; what has it stays.
    edits(
      [denial({ Action: 's3:GetObject' }), { ...delivery, Sid: 'RequireTls2' }],
      [
        denial({ Action: 's3:GetObject' }),
        { ...delivery, Sid: 'RequireTls2' },
        denial({ Sid: 'RequireTls3' }),
      ],
    ),
    ...[
      { Effect: 'Allow', Sid: 'x' },
      { Principal: { AWS: '444455556666' }, Sid: 'x' },
      { Condition: { Bool: { 'aws:SecureTransport': 'true' } }, Sid: 'x' },
      { Condition: { StringEquals: { 'aws:SecureTransport': 'false' } }, Sid: 'x' },
      { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, Sid: 'x' },
      { Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } }, Sid: 'x' },
      {
        Condition: { Bool: { 'aws:SecureTransport': 'false' }, Null: { 'aws:SourceVpc': 'true' } },
        Sid: 'x',
      },
      { Condition: {}, Sid: 'x' },
    ].map((more) => edits([denial(more)], [denial(more), denial()])),
    {
      live: holding({ ...delivery, Resource: `${ARN}/AWSLogs/o-a1b2c3d4e5/*` }),
      leads: {
        outcome: 'blocked',
        reason: `never: ${ARN} is the log archive of the organization: its trail writes there`,
      },
    },
    edits([delivery], [delivery, denial()], {
      more: { website: true },
      caution: 'the bucket serves a website, which plain HTTP alone can reach',
    }),
    stays([delivery, denial()], 'alreadyCompliant', ALREADY),
    stays([ofObjects, denial({ Resource: ARN, Sid: 'x' })], 'alreadyCompliant', ALREADY),
    stays(
      [
        denial({
          Principal: { AWS: '*' },
          Action: ['*'],
          Resource: `${ARN}*`,
          Condition: { Bool: { 'aws:securetransport': [false] } },
        }),
      ],
      'alreadyCompliant',
      ALREADY,
    ),
    inText(
      '{"Statement":[{"Effect":"Allow","Principal":"*","Acton":"*"}]}',
      'failed',
      'Acton is no part of one',
    ),
  ],
  change: 's3:PutBucketPolicy',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-plain-http'
      await send('s3', 'CreateBucket', { Bucket })
      const arn = `arn:aws:s3:::${Bucket}`
      const live = () =>
        send('s3', 'GetBucketPolicy', { Bucket }).then(
          ({ Policy }) => Policy,
          ({ name }) => name,
        )
      return { id: Bucket, live, should: policyText(denial({ Resource: [arn, `${arn}/*`] })) }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({ s3: ofBucketPolicy(bucket) }),
}
