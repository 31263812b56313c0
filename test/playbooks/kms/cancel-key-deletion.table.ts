import { cancelKeyDeletion } from '../../../playbooks/kms/cancel-key-deletion.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'
const OWN = { KeyManager: 'CUSTOMER', DeletionDate: new Date('2026-12-24T00:00:00Z') }
const doomed = { KeyState: 'PendingDeletion' }

function there({ isThere }: LiveResource, action: string): void {
  if (!isThere) throw absent(action, 'NotFoundException')
}

export const table: SettingTable = {
  playbook: cancelKeyDeletion,
  finding: { type: 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION', id: KEY },
  id: KEY,
  should: { KeyState: 'Disabled' },
  other: doomed,
  rows: [
    { live: doomed, more: OWN, leads: 'set' },
    {
      live: { KeyState: 'PendingReplicaDeletion' },
      more: { ...OWN, MultiRegion: true },
      leads: 'set',
    },
    {
      live: { KeyState: 'Enabled' },
      more: OWN,
      leads: { outcome: 'alreadyCompliant', reason: 'KeyState: Enabled already' },
    },
    {
      live: { KeyState: 'Disabled' },
      more: OWN,
      leads: { outcome: 'alreadyCompliant', reason: 'KeyState: Disabled already' },
    },
    {
      live: doomed,
      more: { ...OWN, KeyManager: 'AWS' },
      leads: { outcome: 'notApplicable', reason: 'AWS manages the key itself' },
    },
    { live: null, more: OWN, leads: { outcome: 'failed', reason: 'AWS does not say the state of the key' } },
  ],
  change: 'kms:CancelKeyDeletion',
  wire: {
    async plant({ send }) {
      const { KeyMetadata } = await send('kms', 'CreateKey', { Description: 'rectify-wire-deletion' })
      const KeyId = KeyMetadata!.KeyId!
      await send('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
      const live = async () => (await send('kms', 'DescribeKey', { KeyId })).KeyMetadata?.KeyState
      return { id: KeyId, live, should: 'Disabled' }
    },
    missing: '00000000-0000-0000-0000-000000000000',
  },
  aws: (key) => ({
    kms: {
      DescribeKey: () => {
        there(key, 'kms:DescribeKey')
        return { KeyMetadata: { KeyId: KEY, ...key.more, ...key.values } }
      },
      ListResourceTags: () => {
        there(key, 'kms:ListResourceTags')
        return { Tags: key.tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }
      },
      CancelKeyDeletion: () => {
        there(key, 'kms:CancelKeyDeletion')
        key.values = { KeyState: 'Disabled' }
        return { KeyId: KEY }
      },
      ScheduleKeyDeletion: () => {
        there(key, 'kms:ScheduleKeyDeletion')
        // A primary key waits for its replicas to go.
        key.values = { KeyState: key.more.MultiRegion ? 'PendingReplicaDeletion' : 'PendingDeletion' }
        return { KeyId: KEY }
      },
    },
  }),
}
