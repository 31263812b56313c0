import type { Status } from '@aws-sdk/client-efs'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import type { IdForm } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { listed, read } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { efs } from '../services.ts'

const ARN = 'arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}'
const ids: IdForm = {
  understood: /^fs-[0-9a-f]{8,40}$/,
  forms: [['fs-', { letters: /[0-9a-f]/, least: 8, most: 40 }]],
  examples: ['fs-0123456789abcdef0'],
}
const of = (FileSystemId: string) => ({ FileSystemId })

/** Switches the automatic backups of a file system on: daily, kept for 35 days unless somebody has edited their plan. */
export const enableFileSystemBackups = defineSetting({
  id: 'efs-enable-backups',
  title: 'Back a file system up',
  about: {
    risk: 'What is deleted or encrypted in the file system, by a slip or by whoever got in, is gone.',
    breaks: 'Nothing: backups are made beside the throughput of the file system. They cost by its size.',
  },
  implements: ['efs-backup'],
  resource: 'AWS::EFS::FileSystem',
  ids,
  arn: ARN,
  tagsOf: 'the file system',
  answers: [
    config('EFS_AUTOMATIC_BACKUPS_ENABLED', 'EFS_IN_BACKUP_PLAN'),
    securityHub('EFS.2', 'EFS.7'),
    prowler('efs_have_backup_enabled'),
  ],
  suggestedMode: 'auto',
  // A file system of before there were automatic backups has no such policy, and none are made.
  look: read(efs, 'DescribeBackupPolicy', of, ({ BackupPolicy }) => BackupPolicy?.Status ?? null, {
    PolicyNotFound: 'DISABLED' as const,
  }),
  readsOn: { 'elasticfilesystem:ListTagsForResource': [ARN] },
  tags: listed(
    efs,
    'ListTagsForResource',
    'Tags',
    (ResourceId) => ({ ResourceId }),
    (tags) => tagsIn(tags),
  ),
  values: (live) => (live === null ? null : { Status: inTheEnd(live) }),
  should: { Status: 'ENABLED' as const },
  set: (FileSystemId, { Status }) =>
    call('efs', 'PutBackupPolicy', { FileSystemId, BackupPolicy: { Status } }),
  pending: (live) => (live === 'ENABLING' ? 'EFS is still switching its backups on' : undefined),
  property: 'BackupPolicy',
  effect: 'backups cost by the size of the file system',
  warnings: () => ['an undo makes no further backups; those made until then stay until they expire'],
})

/** Where a change that is under way leads. */
const inTheEnd = (live: Status): 'ENABLED' | 'DISABLED' => (/^ENABL/.test(live) ? 'ENABLED' : 'DISABLED')
