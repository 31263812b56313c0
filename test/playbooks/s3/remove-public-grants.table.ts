import type { Grant } from '@aws-sdk/client-s3'
import { removePublicGrants } from '../../../playbooks/s3/remove-public-grants.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { policyText } from '../policy-rows.ts'
import { absent, type SettingRow, type SettingTable } from '../setting-table.ts'
import { there } from './bucket-answers.ts'
import { ofBucketPolicy } from './bucket-handlers.ts'

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'
const ARN = 'arn:aws:s3:::exports'
const GROUPS = 'http://acs.amazonaws.com/groups'
const group = (URI: string, Permission: Grant['Permission']): Grant => ({
  Grantee: { Type: 'Group', URI: `${GROUPS}/${URI}` },
  Permission,
})
const ofOwner: Grant = { Grantee: { Type: 'CanonicalUser', ID: OWNER }, Permission: 'FULL_CONTROL' }
const partner: Grant = { Grantee: { Type: 'CanonicalUser', ID: 'b'.repeat(64) }, Permission: 'READ' }
const logs = [group('s3/LogDelivery', 'WRITE'), group('s3/LogDelivery', 'READ_ACP')]
const everybody = group('global/AllUsers', 'READ')
const anyAccount = group('global/AuthenticatedUsers', 'WRITE')

const allow = (more: object) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${ARN}/*`, ...more })
const open = allow({ Sid: 'Open', Principal: '*' })
const named = allow({ Sid: 'Named', Principal: { AWS: 'arn:aws:iam::444455556666:root' } })
const trails = allow({
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:PutObject',
  Resource: `${ARN}/o-a1b2c3d4e5/AWSLogs/*`,
})
const referer = allow({
  Sid: 'Site',
  Principal: '*',
  Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } },
})
const distribution = allow({
  Principal: { Service: 'cloudfront.amazonaws.com' },
  Condition: { StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E1' } },
})
const facebook = allow({ Sid: 'Web', Principal: { Federated: 'graph.facebook.com' } })

/** What S3 holds: a policy of these statements, none where there are none, and grants beside the owner's. */
const held = (statements: object[], grants: Grant[] = []): Fields => ({
  ...(statements.length > 0 && { policy: policyText(...statements) }),
  grants: [ofOwner, ...grants],
})
function planned(statements: object[], grants: Grant[] = []): Fields {
  const policy = statements.length > 0 ? JSON.parse(policyText(...statements)) : null
  return { policy, list: [ofOwner, ...grants] }
}

type Side = Parameters<typeof held>

function becomes(live: Side, should: Side, more: Partial<SettingRow> = {}): SettingRow {
  const text = live[0].length > 0 ? policyText(...live[0]) : null
  const sides = { before: { ...planned(...live), text }, after: planned(...should) }
  return { live: held(...live), should: held(...should), ...sides, leads: 'set', ...more }
}
const leaves = (
  live: Fields,
  outcome: 'alreadyCompliant' | 'notApplicable' | 'failed' | 'blocked',
  reason: string,
  more: Fields = {},
): SettingRow => ({ live, more, leads: { outcome, reason } })

const BOTH = ['s3:PutBucketPolicy', 's3:PutBucketAcl']
const NOBODY = 'neither the policy nor a grant lets everybody in'

export const table: SettingTable = {
  playbook: removePublicGrants,
  // Of those that no other playbook answers as well.
  finding: { source: 'prowler', type: 's3_bucket_policy_public_write_access', id: 'exports' },
  id: 'exports',
  should: held([named], logs),
  other: held([open, named], logs),
  rows: [
    becomes([[open, named], logs], [[named], logs]),
    becomes([[open]], [[]], { changes: ['s3:DeleteBucketPolicy'] }),
    becomes([[], [everybody, partner, anyAccount]], [[], [partner]], { changes: ['s3:PutBucketAcl'] }),
    becomes([[named, open], [everybody]], [[named]], { changes: BOTH }),
    becomes([[{ ...open, Principal: { AWS: '*' } }, named]], [[named]], {
      more: { website: true },
      caution: 'the bucket serves a website: its visitors are refused',
    }),
    becomes([[open, distribution]], [[distribution]], { caution: 'CloudFront is named in the policy' }),
    becomes([[referer, named]], [[named]], { caution: 'statement "Site" has a condition (aws:Referer)' }),
    // What S3 does not take for public stays, whatever it looks like here.
    becomes([[open], [everybody]], [[open]], {
      more: { judgement: { IsPublic: false } },
      changes: ['s3:PutBucketAcl'],
    }),
    leaves(
      held([open, trails]),
      'blocked',
      `never: ${ARN} is the log archive of the organization: its trail writes there`,
    ),
    leaves(held([named], logs), 'alreadyCompliant', NOBODY),
    leaves(held([], [partner]), 'alreadyCompliant', NOBODY),
    leaves(held([open]), 'alreadyCompliant', NOBODY, { judgement: { IsPublic: false } }),
    leaves(
      held([facebook]),
      'failed',
      'S3 calls the policy public, and none of its statements is understood',
    ),
    leaves(
      held([open, allow({ NotPrincipal: { AWS: '444455556666' } })]),
      'failed',
      'statement 2 allows something to all but some',
    ),
    leaves({ policy: '{"Statement":{}}', grants: [ofOwner] }, 'failed', 'statement 1: Effect'),
    leaves({}, 'failed', 'AWS does not say the access control list of the bucket'),
  ],
  change: 's3:PutBucketPolicy',
  wire: {
    async plant({ send }) {
      const Bucket = 'rectify-wire-public'
      await send('s3', 'CreateBucket', { Bucket, ACL: 'public-read' })
      const of = { Resource: `arn:aws:s3:::${Bucket}/*` }
      const Policy = policyText({ ...named, ...of }, { ...open, ...of })
      await send('s3', 'PutBucketPolicy', { Bucket, Policy })
      const live = async () => {
        const { Grants = [] } = await send('s3', 'GetBucketAcl', { Bucket })
        const grantees = Grants.map(({ Grantee, Permission }) => `${Grantee?.URI ?? 'owner'} ${Permission}`)
        return { policy: (await send('s3', 'GetBucketPolicy', { Bucket })).Policy, grantees }
      }
      const should = { policy: policyText({ ...named, ...of }), grantees: ['owner FULL_CONTROL'] }
      return { id: Bucket, live, should }
    },
    missing: 'rectify-wire-no-such-bucket',
  },
  aws: (bucket) => ({
    s3: {
      ...ofBucketPolicy(bucket),
      GetBucketPolicyStatus: (input) => {
        there(bucket, 's3:GetBucketPolicyStatus', input)
        const { policy } = bucket.values ?? {}
        if (policy === undefined) throw absent('s3:GetBucketPolicyStatus', 'NoSuchBucketPolicy')
        // As far as the rows go: S3 judges by what it knows.
        const IsPublic = /"Principal":("\*"|\{"AWS":"\*"\}|\{"Federated")/.test(String(policy))
        return { PolicyStatus: bucket.more.judgement ?? { IsPublic } }
      },
      GetBucketAcl: (input) => {
        there(bucket, 's3:GetBucketAcl', input)
        return { Owner: { ID: OWNER }, Grants: bucket.values?.grants }
      },
      GetPublicAccessBlock: (input) => {
        there(bucket, 's3:GetBucketPublicAccessBlock', input)
        throw absent('s3:GetBucketPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration')
      },
      PutBucketAcl: (input) => {
        there(bucket, 's3:PutBucketAcl', input)
        const { Grants } = input.AccessControlPolicy as { Grants: Grant[] }
        bucket.values = { ...bucket.values, grants: Grants }
        return {}
      },
    },
  }),
}
