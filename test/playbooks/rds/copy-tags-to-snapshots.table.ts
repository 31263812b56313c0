import { copyTagsToSnapshots } from '../../../playbooks/rds/copy-tags-to-snapshots.ts'
import type { SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase } from './database-model.ts'

export const table: SettingTable = {
  playbook: copyTagsToSnapshots,
  finding: {
    source: 'prowler',
    type: 'rds_instance_copy_tags_to_snapshots',
    id: 'orders',
  },
  id: 'orders',
  should: { CopyTagsToSnapshot: true },
  other: { CopyTagsToSnapshot: false },
  rows: [
    { live: { CopyTagsToSnapshot: false }, leads: 'set' },
    {
      live: { CopyTagsToSnapshot: true },
      leads: { outcome: 'alreadyCompliant', reason: 'CopyTagsToSnapshot: true already' },
    },
    {
      live: { CopyTagsToSnapshot: false },
      more: { DBClusterIdentifier: 'shop', Engine: 'aurora-mysql' },
      leads: { outcome: 'notApplicable', reason: 'snapshots are made of its cluster shop' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say CopyTagsToSnapshot of orders' } },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'tagless-orders')
      return { id, live: async () => (await shown()).CopyTagsToSnapshot, should: true }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: ordersDatabase(database, ({ CopyTagsToSnapshot }) => {
      database.values = { CopyTagsToSnapshot }
    }),
  }),
}
