import { removePublicKeyStatement } from '../../../playbooks/kms/remove-public-statement.ts'
import { edits, holding, inText, policyText, stays } from '../policy-rows.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'
const allow = (more: object) => ({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...more })
/** As KMS gives it to a new key. */
const root = allow({
  Sid: 'Enable IAM User Permissions',
  Principal: { AWS: 'arn:aws:iam::123456789012:root' },
  Action: 'kms:*',
})
const everybody = allow({ Sid: 'Open', Principal: '*' })
const users = allow({ Sid: 'Users', Principal: { AWS: 'arn:aws:iam::123456789012:role/app' } })
const byService = allow({
  Sid: 'Service',
  Principal: { AWS: '*' },
  Condition: {
    StringEquals: { 'kms:CallerAccount': '123456789012', 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
  },
})
const byAnyService = { ...byService, Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } } }

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'NotFoundException')
}

export const table: SettingTable = {
  playbook: removePublicKeyStatement,
  finding: { type: 'KMS_KEY_POLICY_NO_PUBLIC_ACCESS', id: KEY },
  id: KEY,
  should: holding(root, users)!,
  other: holding(root, everybody),
  rows: [
    edits([root, everybody, users], [root, users]),
    edits(
      [
        { ...everybody, Principal: { AWS: ['*', '444455556666'] } },
        { ...root, Action: ['kms:Put*', 'kms:Get*'] },
      ],
      [
        { ...everybody, Principal: { AWS: ['444455556666'] } },
        { ...root, Action: ['kms:Put*', 'kms:Get*'] },
      ],
    ),
    edits([root, byAnyService], [root], { caution: 'statement "Service" has a condition (kms:ViaService)' }),
    stays([root, byService], 'alreadyCompliant', 'no statement of the policy lets everybody in'),
    stays([everybody], 'notApplicable', 'nobody who is named could manage the key'),
    stays([{ ...everybody, Action: 'kms:*' }, users], 'notApplicable', 'name somebody first'),
    stays([{ ...root, Effect: 'Deny' }, everybody], 'notApplicable', 'name somebody first'),
    stays([root, everybody], 'notApplicable', 'AWS manages the key itself', { KeyManager: 'AWS' }),
    inText('"x"', 'failed', 'of a form that the grammar does not know'),
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say the policy of the key' } },
  ],
  change: 'kms:PutKeyPolicy',
  wire: {
    async plant({ send }) {
      const { KeyMetadata } = await send('kms', 'CreateKey', { Policy: policyText(root, everybody) })
      const KeyId = KeyMetadata!.KeyId!
      const live = async () => (await send('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' })).Policy
      return { id: KeyId, live, should: policyText(root) }
    },
    missing: '00000000-0000-0000-0000-000000000000',
  },
  aws: (key) => ({
    kms: {
      DescribeKey: () => {
        there(key, 'kms:DescribeKey')
        return { KeyMetadata: { KeyId: KEY, KeyState: 'Enabled', KeyManager: 'CUSTOMER', ...key.more } }
      },
      GetKeyPolicy: () => {
        there(key, 'kms:GetKeyPolicy')
        return { Policy: key.values?.policy, PolicyName: 'default' }
      },
      ListResourceTags: () => {
        there(key, 'kms:ListResourceTags')
        return { Tags: key.tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }
      },
      PutKeyPolicy: ({ Policy }) => {
        there(key, 'kms:PutKeyPolicy')
        key.values = { policy: Policy }
        return {}
      },
    },
  }),
}
