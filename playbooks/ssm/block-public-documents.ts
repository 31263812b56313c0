import { call } from '../../src/playbook/api.ts'
import { config, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { ssm } from '../services.ts'
import { PUBLIC_SHARING, PUBLIC_SHARING_ARN } from './public-sharing.ts'

/** Forbids the account to share documents of Systems Manager of a region with everybody. */
export const blockPublicDocuments = defineSetting({
  id: 'ssm-block-public-documents',
  title: 'Block public Systems Manager documents in a region',
  about: {
    risk: 'Whoever may modify documents can share one with every AWS account, on purpose or by mistake: commands, names of hosts and buckets, at worst secrets that somebody wrote into it.',
    breaks:
      'Sharing a document with everybody fails. Documents that are public already stay so (`ssm-unshare-document` is for those), and shares with accounts by number go on.',
  },
  implements: ['ssm-block-public-sharing'],
  ...ofTheAccount('arn:{partition}:ssm:{region}:{account}:public-document-sharing/{id}'),
  // Not CloudTrail's ssm:UpdateServiceSetting: its record names no resource, and most are about other settings.
  answers: [config('SSM_AUTOMATION_BLOCK_PUBLIC_SHARING'), securityHub('SSM.7')],
  suggestedMode: 'approve',
  readsOn: { 'ssm:GetServiceSetting': [PUBLIC_SHARING_ARN] },
  look: read(
    ssm,
    'GetServiceSetting',
    () => ({ SettingId: PUBLIC_SHARING }),
    ({ ServiceSetting = {} }) => ServiceSetting,
  ),
  values: ({ SettingValue: live }) => (live === undefined ? null : { publicSharing: live }),
  should: { publicSharing: 'Disable' },
  set: (_, { publicSharing: SettingValue }) =>
    call('ssm', 'UpdateServiceSetting', { SettingId: PUBLIC_SHARING, SettingValue }),
  changes: [{ action: 'ssm:UpdateServiceSetting', resource: PUBLIC_SHARING_ARN }],
  effect: 'nobody in the account can share a document of this region with everybody any more',
  warnings: () => ['documents that are public already stay public: ssm-unshare-document is for those'],
})
