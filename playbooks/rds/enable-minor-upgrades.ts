import type { DBInstance } from '@aws-sdk/client-rds'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { atFirst, followedBy, optionally } from '../../src/playbook/setting/looks.ts'
import { rds } from '../services.ts'
import { database, databases, isOfMultiAzCluster, toldBy, windowOf } from './databases.ts'

/** A database, and the version that RDS would upgrade it to by itself; `told` is absent where that could not be read. */
const withUpgrade = followedBy(database, (seen) =>
  atFirst(
    optionally(
      rds,
      'DescribeDBEngineVersions',
      () => ({ Engine: seen().Engine, EngineVersion: seen().EngineVersion }),
      ({ DBEngineVersions = [] }) => ({
        to: DBEngineVersions.flatMap(({ ValidUpgradeTarget = [] }) => ValidUpgradeTarget).find(
          ({ AutoUpgrade }) => AutoUpgrade,
        )?.EngineVersion,
      }),
    ),
  ),
)

/** Lets RDS install minor versions of a database's engine in its maintenance window. */
export const enableMinorUpgrades = defineSetting({
  id: 'rds-enable-minor-upgrades',
  title: 'Let minor versions of a database engine be installed',
  about: {
    risk: 'Holes of the engine that a minor version has closed stay open until somebody thinks of it.',
    breaks:
      'The database restarts whenever RDS upgrades it in its maintenance window. Where a version already waits, that is the next one: the plan names version and window, and a person is asked.',
  },
  implements: ['rds-minor-upgrades'],
  ...databases,
  property: 'AutoMinorVersionUpgrade',
  answers: [
    config('RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED'),
    securityHub('RDS.13'),
    prowler('rds_instance_minor_version_upgrade_enabled'),
  ],
  suggestedMode: 'approve',
  look: withUpgrade,
  ...toldBy(([seen]: [DBInstance, unknown]) => seen),
  values: ([{ AutoMinorVersionUpgrade: live }]) =>
    live === undefined ? null : { AutoMinorVersionUpgrade: live },
  should: { AutoMinorVersionUpgrade: true },
  // It applies at once; the upgrade itself waits for the window.
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  unless: ([seen]) => {
    const { DBClusterIdentifier: cluster, Engine = '' } = seen
    if (isOfMultiAzCluster(seen)) return `its cluster ${cluster} is upgraded as a whole`
    // API_ModifyDBInstance: "For an RDS Custom DB instance, don't enable this setting."
    if (Engine.startsWith('custom-')) return 'RDS Custom is upgraded by whoever runs it'
    // DocumentDB's own API_ModifyDBInstance says so.
    return Engine === 'docdb' ? 'DocumentDB installs no minor versions, whatever is set' : undefined
  },
  effect: 'RDS installs minor versions in the maintenance window, and the database restarts then',
  warnings: ([{ DBClusterIdentifier: cluster }]) =>
    cluster === undefined
      ? []
      : [`its cluster ${cluster} is upgraded only when all of its instances are set so`],
  cautions: ([seen, { told: upgrade }]) => {
    if (upgrade?.told === undefined) return ['whether a version waits to be installed could not be read']
    const { to } = upgrade.told
    return to === undefined
      ? []
      : [`${seen.Engine} ${seen.EngineVersion} is upgraded to ${to} in ${windowOf(seen)}, and restarts`]
  },
})
