import { blockPublicSnapshots } from '../../../playbooks/ec2/block-public-snapshots.ts'
import type { SettingTable } from '../setting-table.ts'

const STATE = { State: 'block-all-sharing' }
const publicOnes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ SnapshotId: `snap-0${String(n).padStart(2, '0')}` }))

export const table: SettingTable = {
  playbook: blockPublicSnapshots,
  finding: { type: 'EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS' },
  id: '123456789012',
  isAlwaysThere: true,
  should: STATE,
  other: { State: 'unblocked' },
  rows: [
    { live: { State: 'unblocked' }, leads: 'set' },
    { live: { State: 'block-new-sharing' }, leads: 'set' },
    {
      live: { State: 'unblocked' },
      more: { public: publicOnes(12) },
      caution:
        'public snapshots are hidden by it: snap-000, snap-001, snap-002, snap-003, snap-004, snap-005, snap-006, snap-007, snap-008, snap-009 and 2 more',
      leads: 'set',
    },
    {
      live: { State: 'unblocked' },
      parameters: { sharing: 'block-new-sharing' },
      should: { State: 'block-new-sharing' },
      more: { public: publicOnes(1) },
      warning: 'snapshots that are public already stay public',
      pends: 'EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS asks for block-all-sharing',
      leads: 'set',
    },
    {
      live: { State: 'unblocked' },
      parameters: { sharing: 'block-new-sharing' },
      should: { State: 'block-new-sharing' },
      finding: { source: 'cloudtrail', type: 'ec2:DisableSnapshotBlockPublicAccess' },
      leads: 'set',
    },
    {
      live: STATE,
      parameters: { sharing: 'block-new-sharing' },
      leads: { outcome: 'alreadyCompliant', reason: 'State: block-all-sharing already' },
    },
    { live: STATE, leads: { outcome: 'alreadyCompliant', reason: 'State: block-all-sharing already' } },
    {
      live: { State: 'unblocked' },
      more: { ManagedBy: 'declarative-policy' },
      leads: { outcome: 'notApplicable', reason: 'a declarative policy of the organization manages it' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say State' } },
  ],
  change: 'ec2:EnableSnapshotBlockPublicAccess',
  optionalReads: ['ec2:DescribeSnapshots'],
  wire: {
    async plant({ account, send }) {
      const live = async () => (await send('ec2', 'GetSnapshotBlockPublicAccessState', {})).State
      return { id: account, live, should: 'block-all-sharing' }
    },
  },
  aws: (region) => ({
    ec2: {
      GetSnapshotBlockPublicAccessState: () => ({
        ...region.values,
        ManagedBy: region.more.ManagedBy ?? 'account',
      }),
      DescribeSnapshots: () => ({ Snapshots: region.more.public ?? [] }),
      EnableSnapshotBlockPublicAccess: ({ State }) => {
        region.values = { State }
        return { State }
      },
      DisableSnapshotBlockPublicAccess: () => {
        region.values = { State: 'unblocked' }
        return { State: 'unblocked' }
      },
    },
  }),
}
