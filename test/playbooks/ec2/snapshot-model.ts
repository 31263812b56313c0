import type { CreateVolumePermission, DescribeSnapshotsCommandInput, Snapshot } from '@aws-sdk/client-ec2'
import { unsharePublicSnapshot as playbook } from '../../../playbooks/ec2/unshare-public-snapshot.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { denied, type FakeReader, fakeReader, notFound } from '../../support/reader.ts'
import { groupFinding } from '../../support/security-group.ts'

export const place = { account: '111122223333', region: 'eu-central-1', partition: 'aws' }
export const arnOf = (id: string): string => `arn:aws:ec2:eu-central-1::snapshot/${id}`
export const target = playbook.named('snap-1', place)
export const never = { addresses: [] }
export const EVERYBODY = { Group: 'all' } as const
export const PARTNER = { UserId: '444455556666' }

export interface SnapshotModel {
  permissions: Record<string, CreateVolumePermission[]>
  more?: Partial<Snapshot>
  block?: string
  /** As EC2 answers those who do not own the snapshot. */
  deniesShares?: boolean
}

export function reader({ permissions, more, block, deniesShares }: SnapshotModel): FakeReader {
  const all = Object.keys(permissions).map((SnapshotId) => ({
    SnapshotId,
    OwnerId: place.account,
    Tags: [],
    ...more,
  }))
  return fakeReader({
    // Like moto, it does not heed RestorableByUserIds.
    'ec2:DescribeSnapshots': ({ Filters, OwnerIds }: DescribeSnapshotsCommandInput) => {
      const own = OwnerIds?.includes('self') ? all.filter(({ OwnerId }) => OwnerId === place.account) : all
      const ids = Filters?.[0]?.Values
      return { Snapshots: ids ? own.filter(({ SnapshotId = '' }) => ids.includes(SnapshotId)) : own }
    },
    'ec2:DescribeSnapshotAttribute': ({ SnapshotId }: { SnapshotId: string }) => {
      const found = permissions[SnapshotId]
      if (!found) throw notFound('ec2:DescribeSnapshotAttribute', 'InvalidSnapshot.NotFound')
      if (deniesShares) throw denied('ec2:DescribeSnapshotAttribute')
      return { SnapshotId, CreateVolumePermissions: found }
    },
    'ec2:GetSnapshotBlockPublicAccessState': () => {
      if (!block) throw denied('ec2:GetSnapshotBlockPublicAccessState')
      return { State: block }
    },
  })
}

export const accountFinding = (more: Partial<Finding> = {}): Finding =>
  groupFinding({
    type: 'EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK',
    resources: [{ type: 'AWS::::Account', id: place.account }],
    ...more,
  })
