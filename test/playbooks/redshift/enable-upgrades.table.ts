import { enableClusterUpgrades } from '../../../playbooks/redshift/enable-upgrades.ts'
import type { SettingTable } from '../setting-table.ts'
import { plantCluster, reportsCluster } from './reports-model.ts'

const upgraded = (AllowVersionUpgrade: boolean) => ({ AllowVersionUpgrade })
const VERSION = {
  ClusterVersion: '1.0',
  ClusterRevisionNumber: '96143',
  PreferredMaintenanceWindow: 'sat:16:00-sat:16:30',
}

export const table: SettingTable = {
  playbook: enableClusterUpgrades,
  finding: { source: 'securityhub', type: 'Redshift.6', id: 'reports' },
  id: 'reports',
  should: upgraded(true),
  other: upgraded(false),
  rows: [
    {
      live: upgraded(false),
      more: VERSION,
      leads: 'set',
      caution:
        'a version that waits beyond 1.0.96143 is installed in the next maintenance window (sat:16:00-sat:16:30 UTC)',
    },
    {
      live: upgraded(true),
      more: VERSION,
      leads: { outcome: 'alreadyCompliant', reason: 'AllowVersionUpgrade: true already' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say AllowVersionUpgrade of reports' } },
  ],
  change: 'redshift:ModifyCluster',
  wire: {
    async plant(aws) {
      const id = 'frozen-reports'
      const shown = await plantCluster(aws, id, { AllowVersionUpgrade: false })
      return { id, live: async () => (await shown()).AllowVersionUpgrade, should: true }
    },
    missing: 'no-such-cluster',
  },
  aws: (cluster) => ({ redshift: reportsCluster(cluster, () => cluster.values ?? {}) }),
}
