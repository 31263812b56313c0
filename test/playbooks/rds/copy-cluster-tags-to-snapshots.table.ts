import { copyClusterTagsToSnapshots } from '../../../playbooks/rds/copy-cluster-tags-to-snapshots.ts'
import type { SettingTable } from '../setting-table.ts'
import { CLUSTER_RESOURCE_ID, plantDatabaseCluster, shopCluster } from './cluster-model.ts'

export const table: SettingTable = {
  playbook: copyClusterTagsToSnapshots,
  finding: { type: 'RDS_PGSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK', id: CLUSTER_RESOURCE_ID },
  id: 'shop',
  should: { CopyTagsToSnapshot: true },
  other: { CopyTagsToSnapshot: false },
  rows: [
    { live: { CopyTagsToSnapshot: false }, leads: 'set' },
    {
      live: { CopyTagsToSnapshot: true },
      leads: { outcome: 'alreadyCompliant', reason: 'CopyTagsToSnapshot: true already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say CopyTagsToSnapshot of shop' } },
  ],
  change: 'rds:ModifyDBCluster',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabaseCluster(aws, 'tagless-shop')
      return { id, live: async () => (await shown()).CopyTagsToSnapshot, should: true }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({ rds: shopCluster(cluster) }),
}
