import { unsharePublicDatabaseSnapshot } from '../../../playbooks/rds/unshare-public-snapshot.ts'
import type { SettingTable } from '../setting-table.ts'
import { ordersCopy } from './snapshot-model.ts'

/** The same of a cluster's snapshot; one of an instance that has its name is not touched. */
export const table: SettingTable = {
  playbook: unsharePublicDatabaseSnapshot,
  finding: {
    type: 'RDS_SNAPSHOTS_PUBLIC_PROHIBITED',
    id: 'orders-copy',
    resourceType: 'AWS::RDS::DBClusterSnapshot',
  },
  id: 'orders-copy',
  should: { public: false },
  other: { public: true },
  reads: ['rds:DescribeDBClusterSnapshotAttributes', 'rds:DescribeDBClusterSnapshots'],
  rows: [
    { live: { public: true }, leads: 'set' },
    {
      live: { public: true },
      more: { accounts: ['444455556666'] },
      leads: 'set',
      warning: 'it stays shared with 444455556666',
    },
    {
      live: { public: false },
      leads: { outcome: 'alreadyCompliant', reason: 'public: false already' },
    },
  ],
  change: 'rds:ModifyDBClusterSnapshotAttribute',
  wire: { notKept: 'each playbook is shown over the wire once, this one by the snapshot of an instance' },
  aws: (snapshot) => {
    const ofInstance = { isThere: true, values: { public: true }, tags: [], more: {} }
    return { rds: { ...ordersCopy(snapshot, 'DBCluster'), ...ordersCopy(ofInstance, 'DB') } }
  },
}
