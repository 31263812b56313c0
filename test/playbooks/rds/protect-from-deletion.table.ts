import { protectFromDeletion } from '../../../playbooks/rds/protect-from-deletion.ts'
import type { SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase, RESOURCE_ID } from './database-model.ts'

export const table: SettingTable = {
  playbook: protectFromDeletion,
  finding: { type: 'RDS_INSTANCE_DELETION_PROTECTION_ENABLED', id: RESOURCE_ID },
  id: 'orders',
  should: { DeletionProtection: true },
  other: { DeletionProtection: false },
  rows: [
    { live: { DeletionProtection: false }, leads: 'set' },
    {
      live: { DeletionProtection: true },
      leads: { outcome: 'alreadyCompliant', reason: 'DeletionProtection: true already' },
    },
    {
      live: { DeletionProtection: false },
      more: { DBClusterIdentifier: 'shop' },
      leads: { outcome: 'notApplicable', reason: 'its cluster shop is protected as a whole' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say DeletionProtection of orders' } },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'protected-orders')
      return { id, live: async () => (await shown()).DeletionProtection, should: true }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: ordersDatabase(database, ({ DeletionProtection }) => {
      database.values = { DeletionProtection }
    }),
  }),
}
