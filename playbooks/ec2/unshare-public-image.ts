import { call } from '../../src/playbook/api.ts'
import { cloudTrail, prowler } from '../../src/playbook/matchers.ts'
import { ec2Ids } from '../../src/playbook/resource/resource-form.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, listed, optionally } from '../../src/playbook/setting/looks.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { ec2 } from '../services.ts'

/** Image ARNs carry no account. */
const ARN = 'arn:{partition}:ec2:{region}::image/{id}'

/** Among the account's own: without an owner EC2 searches those of everybody who shares. A disabled one is still there. */
const ofImage = (id: string) => ({
  Owners: ['self'],
  IncludeDisabled: true,
  Filters: [{ Name: 'image-id', Values: [id] }],
})

const block = optionally(
  ec2,
  'GetImageBlockPublicAccessState',
  () => ({}),
  ({ ImageBlockPublicAccessState }) => ImageBlockPublicAccessState,
)

const sharedWith = optionally(
  ec2,
  'DescribeImageAttribute',
  (ImageId) => ({ ImageId, Attribute: 'launchPermission' as const }),
  ({ LaunchPermissions = [] }) =>
    LaunchPermissions.flatMap(
      ({ UserId, OrganizationArn, OrganizationalUnitArn }) =>
        UserId ?? OrganizationArn ?? OrganizationalUnitArn ?? [],
    ).sort(),
)

/** Takes the group `all` off an image's launch permissions. What it shares by name stays: ResetImageAttribute would end that, too. */
export const unsharePublicImage = defineSetting({
  id: 'ec2-unshare-public-image',
  title: 'Make a public image (AMI) private',
  about: {
    risk: 'Anybody with an AWS account can launch the image and read its disks: programs, configuration, keys and data that were left on them.',
    breaks:
      'Other accounts that launch the image without being named in its launch permissions cannot any more; running instances stay. The plan says when it was last launched and with whom it stays shared.',
  },
  implements: ['ami-private'],
  resource: 'AWS::EC2::Image',
  ids: ec2Ids('ami'),
  arn: ARN,
  tagsOf: 'the image',
  answers: [prowler('ec2_ami_public'), cloudTrail('ec2:ModifyImageAttribute')],
  suggestedMode: 'auto',
  readsOn: { 'ec2:DescribeImageAttribute': [ARN] },
  look: allOf({ image: listed(ec2, 'DescribeImages', 'Images', ofImage, ([own]) => own), sharedWith, block }),
  tags: ({ image: { Tags } }) => tagsIn(Tags),
  name: ({ image: { Name } }) => Name,
  nameOf: 'the name of the image',
  values: ({ image: { Public: live } }) => (live === undefined ? null : { public: live }),
  should: { public: false },
  set: (ImageId, { public: isPublic }) =>
    call('ec2', 'ModifyImageAttribute', {
      ImageId,
      Attribute: 'launchPermission',
      OperationType: isPublic ? 'add' : 'remove',
      UserGroups: ['all'],
    }),
  effect: 'only the owner, and whom its launch permissions name, can launch the image from now on',
  warnings: ({ image: { LastLaunchedTime: launched }, sharedWith: { told: others = [] }, block }) => [
    ...(others.length > 0 ? [`it stays shared with ${others.join(', ')}`] : []),
    ...(launched ? [`it was last launched at ${launched}, by whomever`] : []),
    ...(block.told === 'block-new-sharing'
      ? ['an undo needs block public access for images off in this region']
      : []),
    'copies that others have made of it, and instances that run from it, stay theirs',
  ],
})
