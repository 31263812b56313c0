import { call } from '../../src/playbook/api.ts'
import { prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { cluster, clusters } from './clusters.ts'

/** Lets Redshift install new versions of its engine in the maintenance window of a cluster. */
export const enableClusterUpgrades = defineSetting({
  id: 'redshift-enable-upgrades',
  title: 'Let Redshift upgrade a cluster',
  about: {
    risk: 'Holes of the engine that a new version has closed stay open until somebody thinks of it.',
    breaks:
      'The cluster restarts in its maintenance window whenever a version waits, and AWS does not say whether one does. The plan names the window, and a person is asked.',
  },
  implements: ['redshift-upgrades'],
  ...clusters,
  property: 'AllowVersionUpgrade',
  answers: [securityHub('Redshift.6'), prowler('redshift_cluster_automatic_upgrades')],
  suggestedMode: 'approve',
  look: cluster,
  tags: ({ Tags }) => tagsIn(Tags),
  vpc: ({ VpcId }) => VpcId,
  values: ({ AllowVersionUpgrade: live }) => (live === undefined ? null : { AllowVersionUpgrade: live }),
  should: { AllowVersionUpgrade: true },
  set: (ClusterIdentifier, values) => call('redshift', 'ModifyCluster', { ClusterIdentifier, ...values }),
  effect: 'Redshift installs new versions in the maintenance window, and the cluster restarts then',
  cautions: ({ ClusterVersion, ClusterRevisionNumber, PreferredMaintenanceWindow: window }) => [
    `a version that waits beyond ${ClusterVersion}.${ClusterRevisionNumber} is installed in the next maintenance window (${window} UTC)`,
  ],
})
