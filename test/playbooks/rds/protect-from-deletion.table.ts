import { protectFromDeletion } from '../../../playbooks/rds/protect-from-deletion.ts'
import { filterValues } from '../../support/aws-model/failure.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const RESOURCE_ID = 'db-M5ENSHXFPU6XHZ4G4ZEI5QIO2U'

export const table: SettingTable = {
  playbook: protectFromDeletion,
  // So AWS Config names it.
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
    async plant({ send }) {
      const DBInstanceIdentifier = 'protected-orders'
      const { DBInstance } = await send('rds', 'CreateDBInstance', {
        DBInstanceIdentifier,
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'admin1',
        MasterUserPassword: 'not-a-secret',
      })
      const live = async () => {
        const { DBInstances } = await send('rds', 'DescribeDBInstances', { DBInstanceIdentifier })
        return DBInstances![0]!.DeletionProtection
      }
      // AWS Config does not know the name.
      return { id: DBInstance!.DbiResourceId!, live, should: true }
    },
    missing: 'db-AAAAAAAAAAAAAAAAAAAAAAAAAA',
  },
  aws: (database) => ({
    rds: {
      DescribeDBInstances: (input) => {
        const filters = ['db-instance-id', 'dbi-resource-id']
        const asked = [...filterValues('rds:DescribeDBInstances', input, filters).values()].flat()
        const found = onlyIf(database, {
          DBInstanceIdentifier: 'orders',
          DbiResourceId: RESOURCE_ID,
          TagList: database.tags,
          ...database.values,
          ...database.more,
        })
        return { DBInstances: asked.some((id) => id === 'orders' || id === RESOURCE_ID) ? found : [] }
      },
      ModifyDBInstance: ({ DBInstanceIdentifier, DeletionProtection }) => {
        if (!database.isThere || DBInstanceIdentifier !== 'orders')
          throw absent('rds:ModifyDBInstance', 'DBInstanceNotFound')
        database.values = { DeletionProtection }
        return {}
      },
    },
  }),
}
