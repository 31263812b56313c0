import { call } from '../../src/playbook/api.ts'
import { cloudTrail, prowler, securityHub } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { type Looking, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { macieService } from '../services.ts'

const SERVICE_ROLE =
  'arn:{partition}:iam::{account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie'
const nothing = () => ({})

/** Where it is off Macie denies the question, and only the message tells that from a denial by IAM. */
const session = read(
  macieService,
  'GetMacieSession',
  nothing,
  ({ status }) => ({ status }),
  { AccessDeniedException: 'off' as const },
  /not enabled/i,
)
const administrator = read(macieService, 'GetAdministratorAccount', nothing, (answer) => answer)

type Seen = 'off' | { status: string | undefined; by?: string }

/** The session, and who manages it: that can be asked only while there is one. */
const look: Looking<Seen> = {
  calls: [...session.calls, ...administrator.calls].map((each) => ({ ...each, ofOne: false })),
  async at(aws, target) {
    const live = await session.at(aws, target)
    if (live === undefined || live === 'off') return live
    const { administrator: by } = (await administrator.at(aws, target)) ?? {}
    const isManaged = by?.accountId !== undefined && /^(Enabled|Paused)$/.test(by.relationshipStatus ?? '')
    return { ...live, ...(isManaged && { by: by.accountId! }) }
  },
}

/** Switches Macie on in a region: from nothing, or where it was paused. */
export const enableMacie = defineSetting({
  id: 'macie-enable',
  title: 'Switch Macie on in a region',
  about: {
    risk: 'Without Macie nobody notices that a bucket of this region became public, is shared with strangers, or holds personal data.',
    breaks:
      'Nothing in production: it lists buckets and reads samples of objects beside them. It costs money by buckets and by what it reads, so a person is asked.',
  },
  implements: ['macie-on'],
  ...ofTheAccount('arn:{partition}:macie2:{region}:{account}:session-of-account/{id}'),
  answers: [
    securityHub('Macie.1'),
    prowler('macie_is_enabled'),
    cloudTrail('macie2:DisableMacie', 'macie2:UpdateMacieSession'),
  ],
  suggestedMode: 'approve',
  look,
  values(live) {
    if (live === 'off') return null
    if (live.status === undefined) throw new Unplannable('AWS does not say the status of the Macie session')
    return { status: live.status }
  },
  should: { status: 'ENABLED' },
  set: (_id, { status }, _target, from) =>
    from === null
      ? call('macie', 'EnableMacie', { status: 'ENABLED' })
      : call('macie', 'UpdateMacieSession', { status: status === 'ENABLED' ? 'ENABLED' : 'PAUSED' }),
  unset: () => call('macie', 'DisableMacie', {}),
  changes: [
    { action: 'macie2:EnableMacie', resource: '*' },
    { action: 'macie2:UpdateMacieSession', resource: '*' },
    { action: 'macie2:DisableMacie', resource: '*' },
    // Of the first region of an account.
    { action: 'iam:CreateServiceLinkedRole', resource: SERVICE_ROLE },
  ],
  unless: (live) =>
    live !== 'off' && live.by !== undefined && live.status !== 'ENABLED'
      ? `account ${live.by} manages Macie here: switch it on there`
      : undefined,
  property: 'Status',
  effect: 'buckets of the region are watched, and paid for; an undo of a new session deletes what it found',
  warnings: (live) =>
    live === 'off'
      ? [
          'a new session looks for sensitive data by itself, which is paid by volume after 30 days: see what you want of it',
        ]
      : [],
})
