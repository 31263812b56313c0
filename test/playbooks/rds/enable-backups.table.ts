import { enableBackups } from '../../../playbooks/rds/enable-backups.ts'
import type { LiveResource, SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase, RESOURCE_ID } from './database-model.ts'

const days = (BackupRetentionPeriod: number) => ({ BackupRetentionPeriod })

/** Between 0 and any days RDS waits for the maintenance window; between days it does not. */
function keep(database: LiveResource, wanted: number): void {
  const { BackupRetentionPeriod, PendingModifiedValues, ...more } = database.more
  const live = BackupRetentionPeriod ?? database.values?.BackupRetentionPeriod
  const waits = live === 0 && wanted > 0
  database.more = waits ? { ...more, ...days(0), PendingModifiedValues: days(wanted) } : more
  database.values = days(wanted)
}

export const table: SettingTable = {
  playbook: enableBackups,
  finding: { type: 'DB_INSTANCE_BACKUP_ENABLED', id: RESOURCE_ID },
  id: 'orders',
  should: days(7),
  other: days(1),
  rows: [
    { live: days(3), leads: 'set' },
    {
      live: days(0),
      more: { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' },
      leads: 'set',
      caution: 'I/O stops for seconds to minutes in the next maintenance window (sun:05:00-sun:06:00 UTC)',
      pends: 'waits for the next maintenance window (sun:05:00-sun:06:00 UTC)',
    },
    {
      live: days(3),
      more: { ReadReplicaSourceDBInstanceIdentifier: 'orders-primary' },
      leads: 'set',
      caution: 'it is a read replica of orders-primary',
    },
    { live: days(3), parameters: { days: 30 }, should: days(30), leads: 'set' },
    {
      live: days(3),
      more: { TagList: [{ Key: 'retention', Value: '14' }] },
      parameters: { days: 30, daysTag: 'retention' },
      should: days(14),
      leads: 'set',
    },
    { live: days(3), parameters: { days: 30, daysTag: 'retention' }, should: days(30), leads: 'set' },
    ...['two weeks', '0', '36', '7.5', ''].map((Value) => ({
      live: days(3),
      more: { TagList: [{ Key: 'retention', Value }] },
      parameters: { daysTag: 'retention' },
      leads: {
        outcome: 'failed' as const,
        reason: `its tag retention says "${Value}", which is no number of days from 1 to 35`,
      },
    })),
    // What the rule asks for is more than the policy does.
    {
      live: days(7),
      finding: { evidence: { ruleParameters: { backupRetentionMinimum: '21' } } },
      should: days(21),
      leads: 'set',
    },
    // Never for a shorter time.
    {
      live: days(30),
      leads: { outcome: 'alreadyCompliant', reason: 'BackupRetentionPeriod: 30 already' },
    },
    {
      live: days(0),
      more: { PendingModifiedValues: days(30) },
      leads: { outcome: 'unverified', reason: 'is set, and waits for the next maintenance window' },
    },
    {
      live: days(1),
      more: { DBClusterIdentifier: 'shop' },
      leads: { outcome: 'notApplicable', reason: 'backups are made of its cluster shop' },
    },
    {
      live: days(1),
      more: { AwsBackupRecoveryPointArn: 'arn:aws:backup:us-east-1:123456789012:recovery-point:1' },
      leads: { outcome: 'notApplicable', reason: 'AWS Backup makes its backups' },
    },
    {
      live: days(7),
      more: { PreferredBackupWindow: '03:00-03:30' },
      finding: { evidence: { ruleParameters: { preferredBackupWindow: '01:00-01:30' } } },
      leads: { outcome: 'unverified', reason: 'asks for the backup window 01:00-01:30' },
    },
    {
      live: days(1),
      parameters: { days: 3 },
      should: days(7),
      finding: { source: 'securityhub', type: 'RDS.11' },
      leads: 'set',
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say BackupRetentionPeriod of orders' } },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'forgotten-orders', { BackupRetentionPeriod: 1 })
      return { id, live: async () => (await shown()).BackupRetentionPeriod, should: 7 }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: ordersDatabase(database, ({ BackupRetentionPeriod }) =>
      keep(database, Number(BackupRetentionPeriod)),
    ),
  }),
}
