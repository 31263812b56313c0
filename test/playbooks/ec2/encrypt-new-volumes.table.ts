import { encryptNewVolumes } from '../../../playbooks/ec2/encrypt-new-volumes.ts'
import { failure } from '../../support/aws-model/failure.ts'
import type { SettingTable } from '../setting-table.ts'

const ON = { EbsEncryptionByDefault: true }
const OFF = { EbsEncryptionByDefault: false }
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0ea3fef3-80a7-4778-9d8c-1c0c6EXAMPLE'

export const table: SettingTable = {
  playbook: encryptNewVolumes,
  finding: { type: 'EC2_EBS_ENCRYPTION_BY_DEFAULT' },
  id: '123456789012',
  isAlwaysThere: true,
  should: ON,
  other: OFF,
  rows: [
    { live: OFF, leads: 'set' },
    {
      live: OFF,
      more: { KmsKeyId: KEY },
      caution: `${KEY} encrypts by default: whatever launches instances`,
      leads: 'set',
    },
    {
      live: OFF,
      more: { KmsKeyId: 'denied' },
      caution: 'which key encrypts by default could not be read',
      leads: 'set',
    },
    { live: ON, leads: { outcome: 'alreadyCompliant', reason: 'EbsEncryptionByDefault: true already' } },
    { live: null, leads: { outcome: 'failed', reason: 'AWS does not say EbsEncryptionByDefault' } },
  ],
  change: 'ec2:EnableEbsEncryptionByDefault',
  optionalReads: ['ec2:GetEbsDefaultKmsKeyId'],
  wire: {
    async plant({ account, send }) {
      const live = async () => (await send('ec2', 'GetEbsEncryptionByDefault', {})).EbsEncryptionByDefault
      return { id: account, live, should: true }
    },
  },
  aws: (region) => ({
    ec2: {
      GetEbsEncryptionByDefault: () => ({ ...region.values }),
      GetEbsDefaultKmsKeyId: () => {
        const { KmsKeyId = 'alias/aws/ebs' } = region.more
        if (KmsKeyId === 'denied') throw failure('ec2:GetEbsDefaultKmsKeyId', 'UnauthorizedOperation')
        return { KmsKeyId }
      },
      EnableEbsEncryptionByDefault: () => {
        region.values = ON
        return ON
      },
      DisableEbsEncryptionByDefault: () => {
        region.values = OFF
        return OFF
      },
    },
  }),
}
