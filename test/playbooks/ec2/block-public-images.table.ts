import { blockPublicImages } from '../../../playbooks/ec2/block-public-images.ts'
import type { SettingTable } from '../setting-table.ts'

export const table: SettingTable = {
  playbook: blockPublicImages,
  finding: { source: 'prowler', type: 'ec2_ami_account_block_public_access' },
  id: '123456789012',
  isAlwaysThere: true,
  should: { state: 'block-new-sharing' },
  other: { state: 'unblocked' },
  rows: [
    {
      live: { state: 'unblocked' },
      warning: 'images that are public already stay public',
      leads: 'set',
    },
    {
      live: { state: 'block-new-sharing' },
      leads: { outcome: 'alreadyCompliant', reason: 'state: block-new-sharing already' },
    },
    {
      live: { state: 'unblocked' },
      more: { ManagedBy: 'declarative-policy' },
      leads: { outcome: 'notApplicable', reason: 'a declarative policy of the organization manages it' },
    },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say state' } },
  ],
  change: 'ec2:EnableImageBlockPublicAccess',
  late: 'AWS takes up to 10 minutes',
  wire: {
    async plant({ account, send }) {
      const live = async () =>
        (await send('ec2', 'GetImageBlockPublicAccessState', {})).ImageBlockPublicAccessState
      return { id: account, live, should: 'block-new-sharing' }
    },
  },
  aws: (region) => ({
    ec2: {
      GetImageBlockPublicAccessState: () => ({
        ...(region.values && { ImageBlockPublicAccessState: region.values.state }),
        ManagedBy: region.more.ManagedBy ?? 'account',
      }),
      EnableImageBlockPublicAccess: ({ ImageBlockPublicAccessState: state }) => {
        region.values = { state }
        return { ImageBlockPublicAccessState: state }
      },
      DisableImageBlockPublicAccess: () => {
        region.values = { state: 'unblocked' }
        return { ImageBlockPublicAccessState: 'unblocked' }
      },
    },
  }),
}
