import { iamUse } from '../../../playbooks/iam/use.ts'
import type { AdviceTable } from '../advice-table.ts'

export const table: AdviceTable = {
  playbook: iamUse,
  // Without an id: it names nothing but the account.
  finding: { source: 'trustedadvisor', type: 'zXCkfM1nI3' },
  id: '123456789012',
  isAlwaysThere: true,
  rows: [
    {
      live: { Users: 0 },
      leads: {
        outcome: 'notified',
        reason: 'the account has no IAM users',
        todo: [
          'IAM Identity Center',
          'sso-admin list-instances',
          'cloudtrail lookup-events',
          'exclude the item',
        ],
      },
    },
    { live: { Users: 1 }, leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' } },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say how many users' } },
  ],
  aws: ({ more }) => ({ iam: { GetAccountSummary: () => ({ SummaryMap: more }) } }),
}
