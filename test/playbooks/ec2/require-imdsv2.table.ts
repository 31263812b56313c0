import { requireImdsV2 } from '../../../playbooks/ec2/require-imdsv2.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const INSTANCE = 'i-0123456789abcdef0'

export const table: SettingTable = {
  playbook: requireImdsV2,
  finding: { type: 'EC2_IMDSV2_CHECK', id: INSTANCE },
  id: INSTANCE,
  should: { HttpTokens: 'required' },
  other: { HttpTokens: 'optional' },
  rows: [
    { live: { HttpTokens: 'optional' }, leads: 'set' },
    {
      live: { HttpTokens: 'required' },
      leads: { outcome: 'alreadyCompliant', reason: 'HttpTokens: required already' },
    },
    {
      live: { HttpTokens: 'optional' },
      more: { HttpEndpoint: 'disabled' },
      leads: { outcome: 'notApplicable', reason: 'its metadata service is switched off' },
    },
    { live: null, leads: { outcome: 'failed', reason: `AWS does not say HttpTokens of ${INSTANCE}` } },
  ],
  change: 'ec2:ModifyInstanceMetadataOptions',
  wire: {
    async plant({ send }) {
      const image = { ImageId: 'ami-0c55b159cbfafe1f0', InstanceType: 't3.micro' } as const
      const { Instances } = await send('ec2', 'RunInstances', { ...image, MinCount: 1, MaxCount: 1 })
      const id = Instances![0]!.InstanceId!
      const live = async () => {
        const { Reservations } = await send('ec2', 'DescribeInstances', { InstanceIds: [id] })
        return Reservations![0]!.Instances![0]!.MetadataOptions!.HttpTokens
      }
      return { id, live, should: 'required' }
    },
    missing: 'i-0ffffffffffffffff',
  },
  aws: (resource) => ({
    ec2: {
      DescribeInstances: () => ({
        Reservations: onlyIf(resource, {
          Instances: [
            {
              InstanceId: INSTANCE,
              State: { Name: 'running' },
              Tags: resource.tags,
              MetadataOptions: { ...resource.values, ...resource.more },
            },
          ],
        }),
      }),
      ModifyInstanceMetadataOptions: ({ HttpTokens }) => {
        if (!resource.isThere) throw absent('ec2:ModifyInstanceMetadataOptions', 'InvalidInstanceID.NotFound')
        resource.values = { HttpTokens }
        return {}
      },
    },
  }),
}
