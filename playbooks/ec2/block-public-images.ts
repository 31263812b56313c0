import { call } from '../../src/playbook/api.ts'
import { cloudTrail, prowler } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { onAll, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { ec2 } from '../services.ts'

/** Forbids the account to share images of a region with everybody. */
export const blockPublicImages = defineSetting({
  id: 'ec2-block-public-images',
  title: 'Block public images (AMIs) in a region',
  about: {
    risk: 'Whoever may modify images can share one with every AWS account, on purpose or by mistake, with all that is on its disks.',
    breaks:
      'Publishing a new image fails; images that are public already stay so (`ec2-unshare-public-image` is for those), and shares with accounts or organizations by name go on.',
  },
  implements: ['ami-block-public-access'],
  ...ofTheAccount('arn:{partition}:ec2:{region}:{account}:image-block-public-access/{id}'),
  answers: [prowler('ec2_ami_account_block_public_access'), cloudTrail('ec2:DisableImageBlockPublicAccess')],
  suggestedMode: 'approve',
  look: onAll(
    read(
      ec2,
      'GetImageBlockPublicAccessState',
      () => ({}),
      (answer) => answer,
    ),
  ),
  values: ({ ImageBlockPublicAccessState: live }) => (live === undefined ? null : { state: live }),
  should: { state: 'block-new-sharing' },
  set: (_, { state }) =>
    state === 'unblocked'
      ? call('ec2', 'DisableImageBlockPublicAccess', {})
      : call('ec2', 'EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' }),
  changes: ['EnableImageBlockPublicAccess', 'DisableImageBlockPublicAccess'].map((action) => ({
    action: `ec2:${action}`,
    resource: '*',
  })),
  unless: ({ ManagedBy }) =>
    ManagedBy === 'declarative-policy'
      ? 'a declarative policy of the organization manages it: only its management account can change that'
      : undefined,
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageBlockPublicAccess.html
  late: 'AWS takes up to 10 minutes, and says "unblocked" until then; a look after that says how it ended',
  effect: 'nobody in the account can share an image of this region with everybody any more',
  warnings: () => ['images that are public already stay public: ec2-unshare-public-image is for those'],
})
