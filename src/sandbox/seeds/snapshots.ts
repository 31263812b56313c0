import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  type EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2'

/** One snapshot that the whole world may restore, and account 111122223333 besides; and one that nobody else may. */
export async function plantSnapshots(ec2: EC2Client) {
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 8 }))
  const snapshot = async (name: string) => {
    const { SnapshotId } = await ec2.send(
      new CreateSnapshotCommand({
        VolumeId,
        Description: name,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'Name', Value: name }] }],
      }),
    )
    return SnapshotId!
  }
  const shared = await snapshot('public-snapshot')
  await ec2.send(
    new ModifySnapshotAttributeCommand({
      SnapshotId: shared,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      GroupNames: ['all'],
      UserIds: ['111122223333'],
    }),
  )
  return { 'public-snapshot': shared, 'private-snapshot': await snapshot('private-snapshot') }
}
