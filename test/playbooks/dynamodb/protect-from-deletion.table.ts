import { protectTableFromDeletion } from '../../../playbooks/dynamodb/protect-from-deletion.ts'
import type { SettingTable } from '../setting-table.ts'
import { ordersTable, plantTable } from './table-model.ts'

const isProtected = (DeletionProtectionEnabled: boolean) => ({ DeletionProtectionEnabled })

export const table: SettingTable = {
  playbook: protectTableFromDeletion,
  finding: { type: 'DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED', id: 'orders' },
  id: 'orders',
  should: isProtected(true),
  other: isProtected(false),
  rows: [
    { live: isProtected(false), leads: 'set' },
    {
      live: isProtected(true),
      leads: { outcome: 'alreadyCompliant', reason: 'DeletionProtectionEnabled: true already' },
    },
    {
      live: isProtected(false),
      more: { TableStatus: 'DELETING' },
      leads: { outcome: 'notApplicable', reason: 'it is being deleted' },
    },
    {
      live: null,
      leads: { outcome: 'failed', reason: 'AWS does not say DeletionProtectionEnabled of orders' },
    },
  ],
  change: 'dynamodb:UpdateTable',
  wire: {
    async plant(aws) {
      const TableName = 'unprotected-orders'
      await plantTable(aws, TableName)
      const live = async () =>
        (await aws.send('dynamodb', 'DescribeTable', { TableName })).Table!.DeletionProtectionEnabled
      return { id: TableName, live, should: true }
    },
    missing: 'no-such-table',
  },
  aws: (orders) => ({
    dynamodb: ordersTable(orders, {
      DescribeTable: () => ({ Table: { TableStatus: 'ACTIVE', ...orders.values, ...orders.more } }),
      UpdateTable: ({ DeletionProtectionEnabled }) => {
        orders.values = { DeletionProtectionEnabled }
        return {}
      },
    }),
  }),
}
