import { unsharePublicImage } from '../../../playbooks/ec2/unshare-public-image.ts'
import { failure } from '../../support/aws-model/failure.ts'
import { absent, onlyIf, type SettingTable } from '../setting-table.ts'

const IMAGE = 'ami-0123456789abcdef0'

export const table: SettingTable = {
  playbook: unsharePublicImage,
  finding: { source: 'cloudtrail', type: 'ec2:ModifyImageAttribute', id: IMAGE },
  id: IMAGE,
  should: { public: false },
  other: { public: true },
  rows: [
    { live: { public: true }, leads: 'set' },
    {
      live: { public: true },
      more: { shares: [{ Group: 'all' }, { UserId: '210987654321' }] },
      leads: 'set',
      warning: 'it stays shared with 210987654321',
    },
    {
      live: { public: true },
      more: { LastLaunchedTime: '2026-11-01T10:00:00Z' },
      leads: 'set',
      warning: 'it was last launched at 2026-11-01T10:00:00Z',
    },
    {
      live: { public: true },
      more: { block: 'block-new-sharing' },
      leads: 'set',
      warning: 'an undo needs block public access for images off in this region',
    },
    { live: { public: false }, leads: { outcome: 'alreadyCompliant', reason: 'public: false already' } },
    { live: null, leads: { outcome: 'failed', reason: `AWS does not say public of ${IMAGE}` } },
  ],
  change: 'ec2:ModifyImageAttribute',
  optionalReads: ['ec2:DescribeImageAttribute', 'ec2:GetImageBlockPublicAccessState'],
  wire: {
    async plant({ send }) {
      const { Instances } = await send('ec2', 'RunInstances', {
        ImageId: 'ami-0c55b159cbfafe1f0',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
      })
      const InstanceId = Instances![0]!.InstanceId!
      const { ImageId } = await send('ec2', 'CreateImage', { InstanceId, Name: 'rectify-wire-public' })
      const share = (more: { UserGroups?: string[]; UserIds?: string[] }) =>
        send('ec2', 'ModifyImageAttribute', {
          ImageId,
          Attribute: 'launchPermission',
          OperationType: 'add',
          ...more,
        })
      await share({ UserGroups: ['all'] })
      await share({ UserIds: ['210987654321'] })
      const live = async () => {
        const { LaunchPermissions } = await send('ec2', 'DescribeImageAttribute', {
          ImageId,
          Attribute: 'launchPermission',
        })
        return LaunchPermissions!.map(({ Group, UserId }) => Group ?? UserId).sort()
      }
      return { id: ImageId!, live, should: ['210987654321'] }
    },
    missing: 'ami-0ffffffffffffffff',
  },
  aws: (image) => ({
    ec2: {
      DescribeImages: () => ({
        Images: onlyIf(image, {
          ImageId: IMAGE,
          Name: 'base-2026',
          State: 'available',
          Tags: image.tags,
          ...(image.values && { Public: image.values.public }),
          ...image.more,
        }),
      }),
      DescribeImageAttribute: () => ({ ImageId: IMAGE, LaunchPermissions: image.more.shares ?? [] }),
      GetImageBlockPublicAccessState: () => ({
        ImageBlockPublicAccessState: image.more.block ?? 'unblocked',
        ManagedBy: 'account',
      }),
      ModifyImageAttribute: ({ OperationType, UserGroups }) => {
        if (!image.isThere) throw absent('ec2:ModifyImageAttribute', 'InvalidAMIID.NotFound')
        if (JSON.stringify(UserGroups) !== '["all"]') throw failure('ec2:ModifyImageAttribute', 'InvalidUser')
        image.values = { public: OperationType === 'add' }
        return {}
      },
    },
  }),
}
