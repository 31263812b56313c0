import { enableRotation } from '../../../playbooks/kms/enable-rotation.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'
const OWN = { KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS', KeyState: 'Enabled' }
const off = { EnableKeyRotation: false }

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'NotFoundException')
}
const not = (more: Fields, reason: string) => ({
  live: off,
  more: { ...OWN, ...more },
  leads: { outcome: 'notApplicable' as const, reason },
})

export const table: SettingTable = {
  playbook: enableRotation,
  finding: { type: 'CMK_BACKING_KEY_ROTATION_ENABLED', id: KEY },
  id: KEY,
  should: { EnableKeyRotation: true },
  other: off,
  rows: [
    { live: off, more: OWN, leads: 'set' },
    {
      live: { EnableKeyRotation: true },
      more: OWN,
      leads: { outcome: 'alreadyCompliant', reason: 'EnableKeyRotation: true already' },
    },
    not({ KeyManager: 'AWS' }, 'AWS manages the key itself'),
    { ...not({ KeySpec: 'RSA_4096' }, 'KMS rotates symmetric keys only, and this is RSA_4096'), live: null },
    not({ Origin: 'EXTERNAL' }, 'the material of this key is EXTERNAL'),
    not(
      { MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA', PrimaryKey: { Region: 'us-east-1' } } },
      'it rotates with its primary key in us-east-1',
    ),
    { ...not({ KeyState: 'PendingDeletion' }, 'the key is PendingDeletion'), live: null },
    {
      live: off,
      more: { ...OWN, KeyState: undefined },
      leads: { outcome: 'failed', reason: 'AWS does not say the state of the key' },
    },
  ],
  change: 'kms:EnableKeyRotation',
  wire: {
    async plant({ send }) {
      const { KeyMetadata } = await send('kms', 'CreateKey', { Description: 'rectify-wire-rotation' })
      const KeyId = KeyMetadata!.KeyId!
      const live = async () => (await send('kms', 'GetKeyRotationStatus', { KeyId })).KeyRotationEnabled
      return { id: KeyId, live, should: true }
    },
    missing: '00000000-0000-0000-0000-000000000000',
  },
  aws: (key) => ({
    kms: {
      DescribeKey: () => {
        there(key, 'kms:DescribeKey')
        return { KeyMetadata: { KeyId: KEY, ...key.more } }
      },
      GetKeyRotationStatus: () => {
        there(key, 'kms:GetKeyRotationStatus')
        if (!key.values) throw absent('kms:GetKeyRotationStatus', 'UnsupportedOperationException')
        return { KeyRotationEnabled: key.values.EnableKeyRotation }
      },
      ListResourceTags: () => {
        there(key, 'kms:ListResourceTags')
        return { Tags: key.tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }
      },
      EnableKeyRotation: () => {
        there(key, 'kms:EnableKeyRotation')
        key.values = { EnableKeyRotation: true }
        return {}
      },
      DisableKeyRotation: () => {
        there(key, 'kms:DisableKeyRotation')
        key.values = off
        return {}
      },
    },
  }),
}
