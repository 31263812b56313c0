import type { Image, Snapshot } from '@aws-sdk/client-ec2'
import { call } from '../../../src/playbook/api.ts'
import { type Making, making, picked } from '../../../src/playbook/service/copies.ts'
import { tagged } from './network.ts'

/** An image of nothing, with its name and tags; who may launch it is put separately. */
export function imageMaking(image: Image, isStub = false): Making {
  const { ImageId = '', Name = `copy-of-${ImageId}`, Tags } = image
  return making(
    call('ec2', 'RegisterImage', { Name, ...picked(image, 'Description'), ...tagged('image', Tags) }),
    { makes: ImageId, ids: { ImageId }, ...(isStub && { isStub }) },
  )
}

export const imageStub = (ImageId: string): Making => imageMaking({ ImageId }, true)

/** A snapshot of an empty volume. */
export function snapshotMaking(snapshot: Snapshot, region: string, isStub = false): Making {
  const { SnapshotId = '', VolumeId = `volume of ${SnapshotId}`, VolumeSize = 1, Tags } = snapshot
  const volume = making(call('ec2', 'CreateVolume', { AvailabilityZone: `${region}a`, Size: VolumeSize }), {
    makes: VolumeId,
    ids: { VolumeId },
  })
  return making(
    call('ec2', 'CreateSnapshot', {
      VolumeId,
      ...picked(snapshot, 'Description'),
      ...tagged('snapshot', Tags),
    }),
    { makes: SnapshotId, ids: { SnapshotId }, needs: [volume], ...(isStub && { isStub }) },
  )
}

export const snapshotStub = (SnapshotId: string, region: string): Making =>
  snapshotMaking({ SnapshotId }, region, true)
