import { call } from '../../src/playbook/api.ts'
import { defineCopies, type Making, making } from '../../src/playbook/service/copies.ts'

function fileSystemMaking(id: string): Making {
  const FileSystemId = id.slice(id.lastIndexOf('/') + 1)
  return making(call('efs', 'CreateFileSystem', { CreationToken: FileSystemId }), {
    makes: FileSystemId,
    ids: { FileSystemId },
  })
}

/** File systems without their files. */
export const fileSystemCopies = defineCopies('efs', {
  DescribeBackupPolicy: ({ input: { FileSystemId = '' }, answer }) => [
    fileSystemMaking(FileSystemId),
    ...(answer?.BackupPolicy?.Status === 'ENABLED'
      ? [making(call('efs', 'PutBackupPolicy', { FileSystemId, BackupPolicy: { Status: 'ENABLED' } }))]
      : []),
  ],
  ListTagsForResource: ({ input: { ResourceId = '' }, answer }) => [
    fileSystemMaking(ResourceId),
    ...((answer?.Tags ?? []).length === 0
      ? []
      : [making(call('efs', 'TagResource', { ResourceId, Tags: answer!.Tags }))]),
  ],
})
