import { enableRecovery } from '../../../playbooks/dynamodb/enable-recovery.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import type { SettingTable } from '../setting-table.ts'
import { ordersTable, plantTable } from './table-model.ts'

const enabled = (PointInTimeRecoveryEnabled: boolean) => ({ PointInTimeRecoveryEnabled })

export const table: SettingTable = {
  playbook: enableRecovery,
  finding: { type: 'DYNAMODB_PITR_ENABLED', id: 'orders' },
  id: 'orders',
  should: enabled(true),
  other: enabled(false),
  rows: [
    { live: enabled(false), leads: 'set' },
    {
      live: enabled(true),
      leads: { outcome: 'alreadyCompliant', reason: 'PointInTimeRecoveryEnabled: true already' },
    },
    {
      live: null,
      leads: { outcome: 'failed', reason: 'AWS does not say PointInTimeRecoveryEnabled of orders' },
    },
  ],
  change: 'dynamodb:UpdateContinuousBackups',
  wire: {
    async plant(aws) {
      const TableName = 'unrecoverable-orders'
      await plantTable(aws, TableName)
      const live = async () => {
        const { ContinuousBackupsDescription } = await aws.send('dynamodb', 'DescribeContinuousBackups', {
          TableName,
        })
        return ContinuousBackupsDescription!.PointInTimeRecoveryDescription!.PointInTimeRecoveryStatus
      }
      return { id: TableName, live, should: 'ENABLED' }
    },
    missing: 'no-such-table',
  },
  aws: (orders) => ({
    dynamodb: ordersTable(orders, {
      DescribeContinuousBackups: () => ({
        ContinuousBackupsDescription: {
          // Of every table, whatever is said of recovery.
          ContinuousBackupsStatus: 'ENABLED',
          ...(orders.values && {
            PointInTimeRecoveryDescription: {
              PointInTimeRecoveryStatus: orders.values.PointInTimeRecoveryEnabled ? 'ENABLED' : 'DISABLED',
            },
          }),
        },
      }),
      UpdateContinuousBackups: ({ PointInTimeRecoverySpecification }) => {
        orders.values = PointInTimeRecoverySpecification as Fields
        return {}
      },
    }),
  }),
}
