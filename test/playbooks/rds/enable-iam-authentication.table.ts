import { enableIamAuthentication } from '../../../playbooks/rds/enable-iam-authentication.ts'
import type { LiveResource, SettingTable } from '../setting-table.ts'
import { NO_DATABASE, ordersDatabase, plantDatabase, RESOURCE_ID } from './database-model.ts'

const POSTGRES = { Engine: 'postgres', EngineVersion: '17.4', DBInstanceClass: 'db.m7g.large' }
const WINDOW = { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' }
const enabled = (EnableIAMDatabaseAuthentication: boolean) => ({ EnableIAMDatabaseAuthentication })

export const table: SettingTable = {
  playbook: enableIamAuthentication,
  finding: { type: 'RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED', id: RESOURCE_ID },
  id: 'orders',
  should: enabled(true),
  other: enabled(false),
  rows: [
    { live: enabled(false), more: POSTGRES, leads: 'set' },
    {
      live: enabled(false),
      more: { ...POSTGRES, ...WINDOW, Engine: 'mariadb', EngineVersion: '11.4.5', waits: true },
      leads: 'set',
      pends: 'IAM authentication is set, and waits for the next maintenance window (sun:05:00-sun:06:00 UTC)',
    },
    {
      live: enabled(false),
      more: { ...POSTGRES, DBInstanceClass: 'db.t3.micro' },
      leads: 'set',
      caution: 'it is a db.t3.micro, and IAM authentication takes 300 to 1000 MiB of memory',
    },
    {
      live: enabled(true),
      more: POSTGRES,
      leads: { outcome: 'alreadyCompliant', reason: 'EnableIAMDatabaseAuthentication: true already' },
    },
    ...[
      { Engine: 'oracle-ee', EngineVersion: '19.0.0.0' },
      { Engine: 'mariadb', EngineVersion: '10.6.21' },
    ].map((more) => ({
      live: enabled(false),
      more,
      leads: {
        outcome: 'notApplicable' as const,
        reason: `${more.Engine} ${more.EngineVersion} knows no authentication by IAM`,
      },
    })),
    {
      live: enabled(false),
      more: { ...POSTGRES, DBClusterIdentifier: 'shop' },
      leads: { outcome: 'notApplicable', reason: 'its cluster shop says who authenticates' },
    },
    {
      live: null,
      more: POSTGRES,
      leads: { outcome: 'failed', reason: 'AWS does not say EnableIAMDatabaseAuthentication of orders' },
    },
  ],
  change: 'rds:ModifyDBInstance',
  wire: {
    async plant(aws) {
      const { id, shown } = await plantDatabase(aws, 'password-orders')
      return { id, live: async () => (await shown()).IAMDatabaseAuthenticationEnabled, should: true }
    },
    missing: NO_DATABASE,
  },
  aws: (database) => ({
    rds: ordersDatabase(
      database,
      ({ EnableIAMDatabaseAuthentication: set }) => {
        database.values = enabled(set === true)
      },
      () => shownOf(database),
    ),
  }),
}

/** RDS shows it by another name than the one that sets it. */
function shownOf({ values, more }: LiveResource) {
  if (!values) return {}
  const isSet = values.EnableIAMDatabaseAuthentication
  if (!more.waits || !isSet) return { IAMDatabaseAuthenticationEnabled: isSet }
  const PendingModifiedValues = { IAMDatabaseAuthenticationEnabled: isSet }
  return { IAMDatabaseAuthenticationEnabled: false, PendingModifiedValues }
}
