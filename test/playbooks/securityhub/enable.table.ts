import { enableSecurityHub } from '../../../playbooks/securityhub/enable.ts'
import { failure } from '../../support/aws-model/failure.ts'
import type { SettingTable } from '../setting-table.ts'

const on = { SecurityHub: 'on' }
const HubArn = 'arn:aws:securityhub:eu-west-1:123456789012:hub/default'
const refused = (message: string) => failure('securityhub:DescribeHub', 'InvalidAccessException', message)

const CHECK = { source: 'prowler', type: 'securityhub_enabled' } as const

export const table: SettingTable = {
  playbook: enableSecurityHub,
  finding: { type: 'SECURITYHUB_ENABLED' },
  id: '123456789012',
  should: on,
  other: null,
  isAlwaysThere: true,
  rows: [
    { live: null, leads: 'set' },
    { live: on, leads: { outcome: 'alreadyCompliant', reason: 'SecurityHub: on already' } },
    { live: on, finding: CHECK, leads: { outcome: 'alreadyCompliant', reason: 'SecurityHub: on already' } },
    {
      live: on,
      more: { isIdle: true },
      finding: CHECK,
      leads: { outcome: 'unverified', reason: 'has neither a standard nor an integration' },
    },
    { live: null, finding: CHECK, leads: 'set' },
    { live: { namesNone: true }, leads: { outcome: 'failed', reason: 'AWS names no hub' } },
    {
      live: null,
      more: { message: 'The caller is no administrator' },
      leads: { outcome: 'failed', reason: 'The caller is no administrator' },
    },
  ],
  change: 'securityhub:EnableSecurityHub',
  readsOfTargets: ['securityhub:GetEnabledStandards', 'securityhub:ListEnabledProductsForImport'],
  wire: {
    async plant({ account, send }) {
      const live = () =>
        send('securityhub', 'DescribeHub', {}).then(
          ({ HubArn }) => HubArn !== undefined,
          ({ name }) => name,
        )
      return { id: account, live, should: true }
    },
  },
  aws: (resource) => ({
    securityhub: {
      DescribeHub: () => {
        const { message = 'Account 123456789012 is not subscribed to AWS Security Hub' } = resource.more
        if (resource.values === null) throw refused(String(message))
        return resource.values.namesNone ? {} : { HubArn }
      },
      GetEnabledStandards: () => ({ StandardsSubscriptions: resource.more.isIdle ? [] : [{}] }),
      ListEnabledProductsForImport: () => ({ ProductSubscriptions: [] }),
      EnableSecurityHub: () => {
        resource.values = on
        return {}
      },
      DisableSecurityHub: () => {
        resource.values = null
        return {}
      },
    },
  }),
}
