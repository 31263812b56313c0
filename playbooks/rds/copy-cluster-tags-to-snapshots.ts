import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { aCluster } from './clusters.ts'

/** Lets the snapshots of a cluster carry its tags, so that rules about tags hold for them, too. */
export const copyClusterTagsToSnapshots = defineSetting({
  id: 'rds-copy-cluster-tags-to-snapshots',
  title: "Copy a database cluster's tags to its snapshots",
  about: {
    risk: 'Snapshots without tags escape whatever goes by them: who may restore them, what they cost whom, when they are deleted.',
    breaks:
      'Nothing at run time: it is about snapshots that are made from then on. A rule that deletes or shares snapshots by their tags sees the new ones; the plan cannot know of such rules.',
  },
  implements: ['rds-snapshot-tags'],
  ...aCluster,
  property: 'CopyTagsToSnapshot',
  answers: [
    config('RDS_MYSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK', 'RDS_PGSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK'),
    securityHub('RDS.16'),
    prowler('rds_cluster_copy_tags_to_snapshots'),
  ],
  suggestedMode: 'auto',
  values: ({ CopyTagsToSnapshot: live }) => (live === undefined ? null : { CopyTagsToSnapshot: live }),
  should: { CopyTagsToSnapshot: true },
  set: (DBClusterIdentifier, values) => call('rds', 'ModifyDBCluster', { DBClusterIdentifier, ...values }),
  effect: 'snapshots that are made from then on have the tags of the cluster',
})
