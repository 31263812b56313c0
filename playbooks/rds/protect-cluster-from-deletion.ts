import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { aCluster } from './clusters.ts'

/** Lets nobody delete a cluster of databases before its protection is taken away. */
export const protectClusterFromDeletion = defineSetting({
  id: 'rds-protect-cluster-from-deletion',
  title: 'Protect a database cluster from deletion',
  about: {
    risk: 'One call, one wrong stack update or one stolen key deletes the cluster with all that is in it.',
    breaks:
      'Whoever deletes the cluster on purpose, by a stack or by Terraform too, has to take the protection away first. Connections are not touched.',
  },
  implements: ['rds-deletion-protection'],
  ...aCluster,
  property: 'DeletionProtection',
  answers: [
    config('RDS_CLUSTER_DELETION_PROTECTION_ENABLED'),
    securityHub('RDS.7'),
    prowler('rds_cluster_deletion_protection'),
  ],
  suggestedMode: 'auto',
  values: ({ DeletionProtection: live }) => (live === undefined ? null : { DeletionProtection: live }),
  should: { DeletionProtection: true },
  // It applies at once, whatever ApplyImmediately says (API_ModifyDBCluster).
  set: (DBClusterIdentifier, values) => call('rds', 'ModifyDBCluster', { DBClusterIdentifier, ...values }),
  effect:
    'deleting the cluster, by CloudFormation or Terraform too, fails until the protection is taken away',
})
