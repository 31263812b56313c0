import type { DBInstance } from '@aws-sdk/client-rds'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { aDatabase, windowOf } from './databases.ts'

/**
 * MariaDB from 10.11 on, MySQL and PostgreSQL in every version that RDS still makes:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.RDS_Fea_Regions_DB-eng.Feature.IamDatabaseAuthentication.html
 */
const KNOWS_IAM = /^(mariadb|mysql|postgres)$/
const OLD_MARIADB = /^10\.\d(\.|$)/
/** Classes of up to 2 GiB. */
const SMALL = /\.(micro|small)$/

/** Lets users of a database log in by IAM, without a password that lives for ever. */
export const enableIamAuthentication = defineSetting({
  id: 'rds-enable-iam-authentication',
  title: 'Let IAM authenticate to a database',
  about: {
    risk: 'Passwords of a database are kept in configuration, live until somebody changes them, and no policy of the account knows of them.',
    breaks:
      'Nobody loses access: passwords go on working for each user of the database who is not told to use IAM. It takes 300 to 1000 MiB of memory, and small instance classes are asked about first. It applies in the maintenance window; until then the run ends `unverified`.',
  },
  implements: ['rds-iam-authentication'],
  ...aDatabase,
  answers: [
    config('RDS_INSTANCE_IAM_AUTHENTICATION_ENABLED'),
    securityHub('RDS.10'),
    prowler('rds_instance_iam_authentication_enabled'),
  ],
  suggestedMode: 'approve',
  values: (seen) => {
    const live = waiting(seen) ?? seen.IAMDatabaseAuthenticationEnabled
    return live === undefined ? null : { EnableIAMDatabaseAuthentication: live }
  },
  should: { EnableIAMDatabaseAuthentication: true },
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  unless: ({ DBClusterIdentifier: cluster, Engine = '', EngineVersion = '' }) => {
    if (cluster) return `its cluster ${cluster} says who authenticates`
    const knows = KNOWS_IAM.test(Engine) && !(Engine === 'mariadb' && OLD_MARIADB.test(EngineVersion))
    return knows ? undefined : `${Engine} ${EngineVersion} knows no authentication by IAM`
  },
  pending: (seen) =>
    waiting(seen) === undefined ? undefined : `IAM authentication is set, and waits for ${windowOf(seen)}`,
  late: (seen) => `RDS applies it in ${windowOf(seen)}`,
  property: 'EnableIAMDatabaseAuthentication',
  effect: 'principals with rds-db:connect can log in as those users of the database that are told to use IAM',
  cautions: ({ DBInstanceClass = '' }) =>
    SMALL.test(DBInstanceClass)
      ? [`it is a ${DBInstanceClass}, and IAM authentication takes 300 to 1000 MiB of memory`]
      : [],
})

/** What was asked for and is not in effect yet. */
const waiting = ({ PendingModifiedValues: pending }: DBInstance): boolean | undefined =>
  pending?.IAMDatabaseAuthenticationEnabled
