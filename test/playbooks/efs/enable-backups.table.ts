import { enableFileSystemBackups } from '../../../playbooks/efs/enable-backups.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type LiveResource, type SettingTable } from '../setting-table.ts'

const FILES = 'fs-0123456789abcdef0'
const status = (Status: string) => ({ Status })

function there({ isThere }: LiveResource, operation: string): void {
  if (!isThere) throw absent(`elasticfilesystem:${operation}`, 'FileSystemNotFound')
}

export const table: SettingTable = {
  playbook: enableFileSystemBackups,
  finding: { type: 'EFS_IN_BACKUP_PLAN', id: FILES },
  id: FILES,
  should: status('ENABLED'),
  other: status('DISABLED'),
  rows: [
    { live: status('DISABLED'), leads: 'set' },
    {
      live: null,
      before: status('DISABLED'),
      leads: 'set',
      // EFS has no call that takes the policy away again.
      afterUndo: status('DISABLED'),
    },
    {
      live: status('DISABLED'),
      more: { takesLong: true },
      leads: 'set',
      pends: 'EFS is still switching its backups on',
    },
    {
      live: status('DISABLING'),
      before: status('DISABLED'),
      leads: 'set',
      afterUndo: status('DISABLED'),
    },
    {
      live: status('ENABLED'),
      leads: { outcome: 'alreadyCompliant', reason: 'Status: ENABLED already' },
    },
    {
      live: {},
      leads: { outcome: 'failed', reason: `AWS does not say Status of ${FILES}` },
    },
  ],
  change: 'elasticfilesystem:PutBackupPolicy',
  wire: {
    notKept:
      'moto answers DescribeBackupPolicy and has no PutBackupPolicy: the model of this table keeps the policy',
  },
  aws: (files) => ({
    efs: {
      DescribeBackupPolicy: () => {
        there(files, 'DescribeBackupPolicy')
        if (!files.values) throw absent('elasticfilesystem:DescribeBackupPolicy', 'PolicyNotFound')
        const { Status } = files.values
        return {
          BackupPolicy: Status === 'ENABLED' && files.more.takesLong ? status('ENABLING') : files.values,
        }
      },
      ListTagsForResource: () => {
        there(files, 'ListTagsForResource')
        return { Tags: files.tags }
      },
      PutBackupPolicy: ({ BackupPolicy }) => {
        there(files, 'PutBackupPolicy')
        files.values = BackupPolicy as Fields
        return {}
      },
    },
  }),
}
