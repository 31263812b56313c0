import { blockAccountPublicAccess } from '../../../playbooks/s3/block-account-public-access.ts'
import { type Fields, failure } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const block = (on: boolean) => ({
  BlockPublicAcls: on,
  IgnorePublicAcls: on,
  BlockPublicPolicy: on,
  RestrictPublicBuckets: on,
})

/** A bucket of the account: whether everybody may use it, and by what. */
interface Held {
  Name: string
  BucketRegion?: string
  by?: 'policy' | 'acl' | 'denied'
}

const heldIn = ({ more }: LiveResource) => (more.buckets ?? []) as Held[]
const numbered = (count: number, more: Partial<Held> = {}) =>
  Array.from({ length: count }, (_, n) => ({ Name: `bucket-${String(n).padStart(3, '0')}`, ...more }))

export const table: SettingTable = {
  playbook: blockAccountPublicAccess,
  finding: { type: 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC' },
  id: '123456789012',
  isAlwaysThere: true,
  should: block(true),
  other: { ...block(true), BlockPublicPolicy: false },
  rows: [
    { live: null, more: { buckets: [{ Name: 'private' }] }, leads: 'set' },
    { live: block(false), leads: 'set' },
    { live: { ...block(true), IgnorePublicAcls: false }, leads: 'set' },
    {
      live: null,
      more: {
        buckets: [
          { Name: 'www', by: 'policy', BucketRegion: 'us-east-1' },
          { Name: 'downloads', by: 'acl' },
          { Name: 'private' },
        ],
      },
      caution: 'public buckets are closed by it: downloads, www',
      leads: 'set',
    },
    {
      live: null,
      more: { buckets: numbered(12, { by: 'acl' }) },
      caution: 'bucket-009 and 2 more',
      leads: 'set',
    },
    {
      live: null,
      more: { buckets: [{ Name: 'secret', by: 'denied' }, { Name: 'private' }] },
      caution: 'whether 1 buckets are public could not be read (s3:GetBucketPolicyStatus',
      leads: 'set',
    },
    {
      live: null,
      more: { buckets: numbered(203) },
      caution: 'whether 3 further buckets are public was not looked at',
      leads: 'set',
    },
    {
      live: block(true),
      leads: { outcome: 'alreadyCompliant', reason: 'RestrictPublicBuckets: true already' },
    },
  ],
  change: 's3:PutAccountPublicAccessBlock',
  wire: {
    async plant({ account, send }) {
      const live = () =>
        send('s3control', 'GetPublicAccessBlock', { AccountId: account }).then(
          ({ PublicAccessBlockConfiguration: live }) => live,
          ({ name }) => name,
        )
      return { id: account, live, should: block(true) }
    },
  },
  aws: (account) => ({
    s3control: {
      GetPublicAccessBlock: () => {
        if (!account.values)
          throw absent('s3:GetAccountPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration')
        return { PublicAccessBlockConfiguration: account.values }
      },
      PutPublicAccessBlock: ({ PublicAccessBlockConfiguration }) => {
        account.values = PublicAccessBlockConfiguration as Fields
        return {}
      },
      DeletePublicAccessBlock: () => {
        account.values = null
        return {}
      },
    },
    s3: {
      ListBuckets: () => ({ Buckets: heldIn(account).map(({ by: _, ...bucket }) => bucket) }),
      GetBucketPolicyStatus: ({ Bucket }, region) => {
        const { by, BucketRegion = region } = heldIn(account).find(({ Name }) => Name === Bucket)!
        if (BucketRegion !== region) throw failure('s3:GetBucketPolicyStatus', 'PermanentRedirect')
        if (by === 'denied') throw failure('s3:GetBucketPolicyStatus', 'AccessDenied')
        if (by !== 'policy') throw absent('s3:GetBucketPolicyStatus', 'NoSuchBucketPolicy')
        return { PolicyStatus: { IsPublic: true } }
      },
      GetBucketAcl: ({ Bucket }) => {
        const { by } = heldIn(account).find(({ Name }) => Name === Bucket)!
        const everybody = { URI: 'http://acs.amazonaws.com/groups/global/AllUsers', Type: 'Group' }
        return {
          Grants: [
            { Grantee: { ID: 'owner', Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
            ...(by === 'acl' ? [{ Grantee: everybody, Permission: 'READ' }] : []),
          ],
        }
      },
    },
  }),
  optionalReads: ['s3:GetBucketPolicyStatus', 's3:GetBucketAcl'],
}
