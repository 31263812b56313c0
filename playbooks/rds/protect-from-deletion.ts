import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { aDatabase } from './databases.ts'

/** Lets nobody delete a database instance before its protection is taken away. */
export const protectFromDeletion = defineSetting({
  id: 'rds-protect-from-deletion',
  title: 'Protect a database from deletion',
  about: {
    risk: 'One call, one wrong stack update or one stolen key deletes the database with all that is in it.',
    breaks:
      'Whoever deletes the database on purpose, by a stack or by Terraform too, has to take the protection away first. Connections are not touched.',
  },
  implements: ['rds-deletion-protection'],
  ...aDatabase,
  answers: [
    config('RDS_INSTANCE_DELETION_PROTECTION_ENABLED'),
    securityHub('RDS.8'),
    prowler('rds_instance_deletion_protection'),
  ],
  suggestedMode: 'auto',
  values: ({ DeletionProtection: live }) => (live === undefined ? null : { DeletionProtection: live }),
  should: { DeletionProtection: true },
  // Without ApplyImmediately: that would let in whatever else waits for the maintenance window.
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  unless: ({ DBClusterIdentifier: cluster }) => cluster && `its cluster ${cluster} is protected as a whole`,
  property: 'DeletionProtection',
  effect:
    'deleting the database, by CloudFormation or Terraform too, fails until the protection is taken away',
})
