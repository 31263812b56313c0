import type { Instance, ModifyInstanceMetadataOptionsCommandInput } from '@aws-sdk/client-ec2'
import { call } from '../../../src/playbook/api.ts'
import { type Making, making, picked } from '../../../src/playbook/service/copies.ts'
import { groupStub, subnetStub, tagged } from './network.ts'

/** Any: the emulators launch what is not there. */
const SOME_IMAGE = 'ami-0c55b159cbfafe1f0'

type MetadataOptions = Omit<ModifyInstanceMetadataOptionsCommandInput, 'InstanceId'>

/** An instance that does nothing, with its groups, tags and metadata options. */
export function instanceMakings(instance: Instance): Making[] {
  const { InstanceId = '', InstanceType, SubnetId, VpcId = '', SecurityGroups = [], Tags } = instance
  const { MetadataOptions, Placement } = instance
  const groups = SecurityGroups.map(({ GroupId = '' }) => GroupId)
  const options = MetadataOptions && optionsOf(MetadataOptions)
  return [
    making(
      call('ec2', 'RunInstances', {
        ImageId: SOME_IMAGE,
        InstanceType,
        MinCount: 1,
        MaxCount: 1,
        ...(SubnetId !== undefined && { SubnetId }),
        ...(groups.length > 0 && { SecurityGroupIds: groups }),
        ...tagged('instance', Tags),
      }),
      {
        makes: InstanceId,
        ids: { 'Instances.0.InstanceId': InstanceId },
        needs: [
          ...(SubnetId === undefined ? [] : [subnetStub(SubnetId, VpcId, Placement?.AvailabilityZone)]),
          ...groups.map((id) => groupStub(id, VpcId)),
        ],
        ...(options && {
          afterwards: [making(call('ec2', 'ModifyInstanceMetadataOptions', { InstanceId, ...options }))],
        }),
      },
    ),
  ]
}

const optionsOf = (options: NonNullable<Instance['MetadataOptions']>): MetadataOptions =>
  picked(
    options,
    'HttpTokens',
    'HttpEndpoint',
    'HttpPutResponseHopLimit',
    'HttpProtocolIpv6',
    'InstanceMetadataTags',
  )
