import { rootAccount } from '../../../playbooks/iam/root-account.ts'
import type { AdviceTable } from '../advice-table.ts'

export const table: AdviceTable = {
  playbook: rootAccount,
  finding: { type: 'ROOT_ACCOUNT_MFA_ENABLED' },
  id: '123456789012',
  isAlwaysThere: true,
  rows: [
    {
      live: { AccountMFAEnabled: 0, AccountAccessKeysPresent: 1 },
      leads: {
        outcome: 'notified',
        reason: 'the root user has no MFA and has access keys',
        todo: ['add an MFA device', 'generate-credential-report', 'delete them', 'management account'],
      },
    },
    {
      live: { AccountMFAEnabled: 0, AccountAccessKeysPresent: 0 },
      leads: {
        outcome: 'notified',
        reason: 'the root user has no MFA',
        todo: ['add an MFA device', 'management account'],
      },
    },
    {
      live: { AccountMFAEnabled: 1, AccountAccessKeysPresent: 0 },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
  ],
  aws: ({ more }) => ({ iam: { GetAccountSummary: () => ({ SummaryMap: more }) } }),
}
