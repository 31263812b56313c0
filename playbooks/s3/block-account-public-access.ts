import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, guardDuty, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { allOf, onAll, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { s3control } from '../services.ts'
import { ALL_BLOCKED, blockSeen } from './block-flags.ts'
import { type PublicBuckets, publicBuckets } from './public-buckets.ts'

const BUCKETS = 'arn:{partition}:s3:::*'

const block = onAll(
  read(
    s3control,
    'GetPublicAccessBlock',
    (AccountId) => ({ AccountId }),
    (answer) => ({ live: blockSeen(answer.PublicAccessBlockConfiguration) }),
    { NoSuchPublicAccessBlockConfiguration: { live: null } },
  ),
)

/** Switches the account's block of public access to S3 on, all of it: no bucket of it in any region is public then. */
export const blockAccountPublicAccess = defineSetting({
  id: 's3-block-account-public-access',
  title: 'Block public access to all buckets of an account',
  about: {
    risk: 'Each bucket is public as soon as somebody gives it such a policy or ACL. The block of the account is what stands above all of them, those of tomorrow included.',
    breaks:
      'Every bucket that is public on purpose, a website or a download, answers 403 from then on, in all regions. The plan names the public buckets, and a person looks first while there are any.',
  },
  implements: ['s3-bpa-account'],
  ...ofTheAccount('arn:{partition}:s3::{account}:public-access-block/{id}'),
  answers: [
    config('S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS', 'S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC'),
    securityHub('S3.1'),
    guardDuty('Policy:S3/AccountBlockPublicAccessDisabled'),
    prowler('s3_account_level_public_access_blocks'),
    cloudTrail('s3:DeleteAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'),
  ],
  suggestedMode: 'approve',
  readsOn: { 's3:GetBucketPolicyStatus': [BUCKETS], 's3:GetBucketAcl': [BUCKETS] },
  look: allOf({ block, publicBuckets }),
  values: ({ block: { live } }) => live,
  should: ALL_BLOCKED,
  set: (AccountId, values) =>
    call('s3control', 'PutPublicAccessBlock', { AccountId, PublicAccessBlockConfiguration: values }),
  unset: (AccountId) => call('s3control', 'DeletePublicAccessBlock', { AccountId }),
  changes: [{ action: 's3:PutAccountPublicAccessBlock', resource: '*' }],
  effect: 'no bucket of the account, in whatever region, can be read by everybody any more',
  cautions: ({ publicBuckets: { told } }) => (told ? cautionsOf(told) : []),
})

/** How many are named; of the rest their number is told. */
const NAMED = 10

function cautionsOf({ names, unread, beyond }: PublicBuckets): string[] {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return [
    ...(names.length > 0
      ? [`public buckets are closed by it: ${names.slice(0, NAMED).join(', ')}${more}`]
      : []),
    ...(unread.count > 0
      ? [`whether ${unread.count} buckets are public could not be read (${unread.why})`]
      : []),
    ...(beyond > 0 ? [`whether ${beyond} further buckets are public was not looked at`] : []),
  ]
}
