import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, onAll, optionally, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { ec2 } from '../services.ts'

/** AWS's own key for EBS: everybody in the account may use it, and no other account ever can. */
const OWN_KEY = 'alias/aws/ebs'

const byDefault = onAll(
  read(
    ec2,
    'GetEbsEncryptionByDefault',
    () => ({}),
    ({ EbsEncryptionByDefault: on }) => ({ on }),
  ),
)
const key = optionally(
  ec2,
  'GetEbsDefaultKmsKeyId',
  () => ({}),
  ({ KmsKeyId }) => KmsKeyId,
)

/** Lets EBS encrypt every new volume of a region, whoever makes it and whatever he says. */
export const encryptNewVolumes = defineSetting({
  id: 'ec2-encrypt-new-volumes',
  title: 'Encrypt new EBS volumes in a region by default',
  about: {
    risk: 'A volume that is made without encryption keeps its data, and that of its snapshots and copies, readable for whoever gets at them. It cannot be encrypted afterwards, only copied.',
    breaks:
      "Launches fail where the launching role may not use the default key. With AWS's own key everybody in the account may, so a key of your own lets a person look first. Instance types from before 2013 that know no encryption cannot be launched any more.",
  },
  implements: ['ebs-default-encryption'],
  ...ofTheAccount('arn:{partition}:ec2:{region}:{account}:ebs-encryption-by-default/{id}'),
  answers: [
    config('EC2_EBS_ENCRYPTION_BY_DEFAULT'),
    securityHub('EC2.7'),
    prowler('ec2_ebs_default_encryption'),
    cloudTrail('ec2:DisableEbsEncryptionByDefault'),
  ],
  suggestedMode: 'approve',
  look: allOf({ byDefault, key }),
  values: ({ byDefault: { on } }) => (on === undefined ? null : { EbsEncryptionByDefault: on }),
  should: { EbsEncryptionByDefault: true },
  set: (_, { EbsEncryptionByDefault: on }) =>
    on ? call('ec2', 'EnableEbsEncryptionByDefault', {}) : call('ec2', 'DisableEbsEncryptionByDefault', {}),
  changes: ['EnableEbsEncryptionByDefault', 'DisableEbsEncryptionByDefault'].map((action) => ({
    action: `ec2:${action}`,
    resource: '*',
  })),
  effect:
    'every volume that is made in this region from now on is encrypted; those that are there stay as they are',
  warnings: () => [
    "snapshots and images of volumes that are encrypted by AWS's own key cannot be shared with other accounts",
  ],
  cautions: ({ key: { told } }) => {
    if (told === OWN_KEY) return []
    if (told === undefined) return ['which key encrypts by default could not be read']
    return [
      `${told} encrypts by default: whatever launches instances (Auto Scaling, too) needs a grant on it`,
    ]
  },
})
