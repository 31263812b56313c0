import { enableMinorUpgrades } from '../../../playbooks/rds/enable-minor-upgrades.ts'
import type { SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase, RESOURCE_ID } from './database-model.ts'

const upgraded = (AutoMinorVersionUpgrade: boolean) => ({ AutoMinorVersionUpgrade })
const POSTGRES = { Engine: 'postgres', EngineVersion: '16.3' }
const AURORA = { Engine: 'aurora-postgresql', EngineVersion: '16.4', DBClusterIdentifier: 'shop' }
const MANUAL = { EngineVersion: '16.6', AutoUpgrade: false, IsMajorVersionUpgrade: false }
const WAITING = { EngineVersion: '16.8', AutoUpgrade: true, IsMajorVersionUpgrade: false }

export const table: SettingTable = {
  playbook: enableMinorUpgrades,
  finding: { type: 'RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED', id: RESOURCE_ID },
  id: 'orders',
  should: upgraded(true),
  other: upgraded(false),
  optionalReads: ['rds:DescribeDBEngineVersions'],
  rows: [
    { live: upgraded(false), more: { ...POSTGRES, targets: [MANUAL] }, leads: 'set' },
    {
      live: upgraded(false),
      more: {
        ...POSTGRES,
        targets: [MANUAL, WAITING],
        PreferredMaintenanceWindow: 'sun:05:00-sun:06:00',
      },
      leads: 'set',
      caution:
        'postgres 16.3 is upgraded to 16.8 in the next maintenance window (sun:05:00-sun:06:00 UTC), and restarts',
    },
    {
      live: upgraded(false),
      more: AURORA,
      leads: 'set',
      warning: 'its cluster shop is upgraded only when all of its instances are set so',
    },
    {
      live: upgraded(true),
      more: POSTGRES,
      leads: { outcome: 'alreadyCompliant', reason: 'AutoMinorVersionUpgrade: true already' },
    },
    ...[
      { Engine: 'mysql', DBClusterIdentifier: 'shop', why: 'its cluster shop is upgraded as a whole' },
      { Engine: 'custom-oracle-ee', why: 'RDS Custom is upgraded by whoever runs it' },
      { Engine: 'docdb', DBClusterIdentifier: 'docs', why: 'DocumentDB installs no minor versions' },
    ].map(({ why, ...more }) => ({
      live: upgraded(false),
      more,
      leads: { outcome: 'notApplicable' as const, reason: why },
    })),
    {
      live: null,
      more: POSTGRES,
      leads: { outcome: 'failed', reason: 'AWS does not say AutoMinorVersionUpgrade of orders' },
    },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'old-orders', { AutoMinorVersionUpgrade: false })
      return { id, live: async () => (await shown()).AutoMinorVersionUpgrade, should: true }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: {
      ...ordersDatabase(database, ({ AutoMinorVersionUpgrade }) => {
        database.values = { AutoMinorVersionUpgrade }
      }),
      DescribeDBEngineVersions: ({ Engine, EngineVersion }) => ({
        DBEngineVersions: [{ Engine, EngineVersion, ValidUpgradeTarget: database.more.targets ?? [] }],
      }),
    },
  }),
}
