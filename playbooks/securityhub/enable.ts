import { call } from '../../src/playbook/api.ts'
import { cloudTrail, config, prowler } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { type Looking, read } from '../../src/playbook/setting/looks.ts'
import { ofTheAccount } from '../../src/playbook/setting/of-the-account.ts'
import { securityhub } from '../services.ts'

const HUB = 'arn:{partition}:securityhub:{region}:{account}:hub/default'
const SERVICE_ROLE =
  'arn:{partition}:iam::{account}:role/aws-service-role/securityhub.amazonaws.com/AWSServiceRoleForSecurityHub'

/** Where it is off, the account is "not subscribed"; others who may not ask get the same code. */
const hub = read(
  securityhub,
  'DescribeHub',
  () => ({}),
  ({ HubArn }) => ({ HubArn }),
  { InvalidAccessException: 'off' as const },
  /not subscribed/i,
)

/** Prowler takes a hub for off that has neither a standard nor an integration (`securityhub_enabled`). */
const ASKS_FOR_CHECKS = 'securityhub_enabled'
const standards = read(
  securityhub,
  'GetEnabledStandards',
  () => ({}),
  ({ StandardsSubscriptions = [] }) => StandardsSubscriptions.length,
)
const integrations = read(
  securityhub,
  'ListEnabledProductsForImport',
  () => ({}),
  ({ ProductSubscriptions = [] }) => ProductSubscriptions.length,
)

type Seen = 'off' | { HubArn: string | undefined; isIdle?: boolean }

/** The hub, and where a finding asks for it whether anything reports to it. */
const look: Looking<Seen> = {
  calls: [...hub.calls, ...standards.calls, ...integrations.calls],
  async at(aws, target, asked) {
    const live = await hub.at(aws, target)
    const isAsked = asked?.findings.some(({ type }) => type === ASKS_FOR_CHECKS)
    if (live === undefined || live === 'off' || !isAsked) return live
    const counts = await Promise.all([standards, integrations].map((each) => each.at(aws, target)))
    return { ...live, isIdle: counts.every((count) => !count) }
  },
}

/** Switches Security Hub on in a region, with the standards that it proposes. */
export const enableSecurityHub = defineSetting({
  id: 'securityhub-enable',
  title: 'Switch Security Hub on in a region',
  about: {
    risk: 'Without Security Hub nobody checks the resources of this region against a standard, and what GuardDuty, Macie and others find stands in as many places.',
    breaks:
      'Nothing in production. Checks and findings cost money, most controls need a recorder of AWS Config, and an administrator of the organisation may want to switch it on from there: a person is asked.',
  },
  implements: ['securityhub-on'],
  ...ofTheAccount('arn:{partition}:securityhub:{region}:{account}:hub-of-account/{id}'),
  answers: [
    config('SECURITYHUB_ENABLED'),
    prowler('securityhub_enabled'),
    cloudTrail('securityhub:DisableSecurityHub'),
  ],
  suggestedMode: 'approve',
  look,
  readsOn: {
    'securityhub:DescribeHub': [HUB],
    'securityhub:GetEnabledStandards': [HUB],
    'securityhub:ListEnabledProductsForImport': [HUB],
  },
  values(live) {
    if (live === 'off') return null
    if (live.HubArn === undefined)
      throw new Unplannable('AWS names no hub, and does not say that there is none')
    return { SecurityHub: 'on' }
  },
  should: { SecurityHub: 'on' },
  set: () => call('securityhub', 'EnableSecurityHub', { EnableDefaultStandards: true }),
  unset: () => call('securityhub', 'DisableSecurityHub', {}),
  changes: [
    { action: 'securityhub:EnableSecurityHub', resource: HUB },
    { action: 'securityhub:DisableSecurityHub', resource: HUB },
    // Of the first region of an account.
    { action: 'iam:CreateServiceLinkedRole', resource: SERVICE_ROLE },
  ],
  unproven: (live) =>
    live !== 'off' && live.isIdle
      ? 'Security Hub is on, and has neither a standard nor an integration: which of them to switch on a person must say'
      : undefined,
  effect: 'resources of the region are checked, and paid for; an undo drops its settings and what it found',
  warnings: () => ['controls that ask AWS Config say nothing while there is no recorder in this region'],
})
