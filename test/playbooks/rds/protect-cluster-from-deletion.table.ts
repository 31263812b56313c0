import { protectClusterFromDeletion } from '../../../playbooks/rds/protect-cluster-from-deletion.ts'
import type { SettingTable } from '../setting-table.ts'
import { CLUSTER_RESOURCE_ID, plantDatabaseCluster, shopCluster } from './cluster-model.ts'

export const table: SettingTable = {
  playbook: protectClusterFromDeletion,
  finding: { type: 'RDS_CLUSTER_DELETION_PROTECTION_ENABLED', id: CLUSTER_RESOURCE_ID },
  id: 'shop',
  should: { DeletionProtection: true },
  other: { DeletionProtection: false },
  rows: [
    { live: { DeletionProtection: false }, leads: 'set' },
    {
      live: { DeletionProtection: true },
      leads: { outcome: 'alreadyCompliant', reason: 'DeletionProtection: true already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say DeletionProtection of shop' } },
  ],
  change: 'rds:ModifyDBCluster',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabaseCluster(aws, 'unprotected-shop')
      return { id, live: async () => (await shown()).DeletionProtection, should: true }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({ rds: shopCluster(cluster) }),
}
