import { describe, expect, test } from '@jest/globals'
import { unsharePublicSnapshot as playbook } from '../../../playbooks/ec2/unshare-public-snapshot.ts'
import { fakeReader, notFound } from '../../support/reader.ts'
import { accountFinding, arnOf, EVERYBODY, never, PARTNER, place, reader, target } from './snapshot-model.ts'

describe('whom a finding leads to', () => {
  test('a finding about the account leads to each snapshot that is public by its own permission', async () => {
    const permissions = {
      'snap-3': [EVERYBODY],
      'snap-1': [EVERYBODY, PARTNER],
      'snap-2': [PARTNER],
      'snap-4': [],
    }
    const aws = reader({ permissions })
    expect(await playbook.targets(accountFinding(), {}, aws, never)).toEqual([
      { resource: arnOf('snap-1'), id: 'snap-1', key: arnOf('snap-1') },
      { resource: arnOf('snap-3'), id: 'snap-3', key: arnOf('snap-3') },
    ])
    expect(aws.calls[0]?.input).toEqual({ OwnerIds: ['self'], RestorableByUserIds: ['all'] })
  })

  test('without a public snapshot there is no target', async () => {
    expect(
      await playbook.targets(accountFinding(), {}, reader({ permissions: { 'snap-1': [] } }), never),
    ).toEqual([])
  })

  test('a snapshot deleted while they are listed does not fail the others', async () => {
    const aws = fakeReader({
      'ec2:DescribeSnapshots': () => ({ Snapshots: [{ SnapshotId: 'snap-1' }, { SnapshotId: 'snap-2' }] }),
      'ec2:DescribeSnapshotAttribute': ({ SnapshotId }: { SnapshotId: string }) => {
        if (SnapshotId === 'snap-1')
          throw notFound('ec2:DescribeSnapshotAttribute', 'InvalidSnapshot.NotFound')
        return { CreateVolumePermissions: [EVERYBODY] }
      },
    })
    expect(await playbook.targets(accountFinding(), {}, aws, never)).toMatchObject([{ id: 'snap-2' }])
  })

  test('a finding that names a snapshot leads to that one only, unasked', async () => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY], 'snap-2': [EVERYBODY] } })
    const finding = accountFinding({ resources: [{ type: 'AWS::EC2::Snapshot', id: 'snap-2' }] })
    expect(await playbook.targets(finding, {}, aws, never)).toMatchObject([{ id: 'snap-2' }])
    expect(aws.calls).toEqual([])
  })

  test.each([
    ['snap-2', 'AWS::::Account'],
    [arnOf('snap-2'), 'AWS::::Account'],
    ['snap-2', 'AWS::EC2::Volume'],
  ])('%s leads to that snapshot only, whatever type the finding gives it', async (id, type) => {
    const aws = reader({ permissions: { 'snap-1': [EVERYBODY], 'snap-2': [EVERYBODY] } })
    const finding = accountFinding({ resources: [{ type, id }] })
    expect(await playbook.targets(finding, {}, aws, never)).toEqual([
      { resource: arnOf('snap-2'), id: 'snap-2', key: arnOf('snap-2') },
    ])
    expect(aws.calls).toEqual([])
  })

  test.each(['444455556666', 'vol-1', 'my-snapshot'])(
    '%s, which is neither a snapshot nor the account, is told as not understood and leads nowhere',
    async (id) => {
      const aws = reader({ permissions: { 'snap-1': [EVERYBODY] } })
      for (const type of ['AWS::::Account', 'AWS::EC2::Snapshot']) {
        const finding = accountFinding({ resources: [{ type, id }] })
        expect(await playbook.targets(finding, {}, aws, never)).toMatchObject([
          { notUnderstood: expect.stringContaining(`"${id}" is neither id nor ARN`) },
        ])
      }
      expect(aws.calls).toEqual([])
    },
  )

  test('a snapshot may be named by id or by its ARN, which has no account', () => {
    expect(target).toEqual({ resource: arnOf('snap-1'), id: 'snap-1', key: arnOf('snap-1') })
    expect(playbook.named(arnOf('snap-1'), place)).toEqual(target)
  })
})
