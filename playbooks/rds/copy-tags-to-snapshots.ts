import { call } from '../../src/playbook/api.ts'
import { prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { aDatabase } from './databases.ts'

/** Lets the snapshots of a database carry its tags, so that rules about tags hold for them, too. */
export const copyTagsToSnapshots = defineSetting({
  id: 'rds-copy-tags-to-snapshots',
  title: "Copy a database's tags to its snapshots",
  about: {
    risk: 'Snapshots without tags escape whatever goes by them: who may restore them, what they cost whom, when they are deleted.',
    breaks:
      'Nothing at run time: it applies at once, without a restart, to snapshots that are made from then on. A rule that deletes or shares snapshots by their tags sees the new ones; the plan cannot know of such rules.',
  },
  implements: ['rds-snapshot-tags'],
  ...aDatabase,
  answers: [securityHub('RDS.17'), prowler('rds_instance_copy_tags_to_snapshots')],
  suggestedMode: 'auto',
  values: ({ CopyTagsToSnapshot: live }) => (live === undefined ? null : { CopyTagsToSnapshot: live }),
  should: { CopyTagsToSnapshot: true },
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  // On an instance of Aurora it "has no effect on the DB cluster setting" (API_ModifyDBInstance).
  unless: ({ DBClusterIdentifier: cluster }) => cluster && `snapshots are made of its cluster ${cluster}`,
  property: 'CopyTagsToSnapshot',
  effect: 'snapshots that are made from then on have the tags of the database',
})
