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
    {
      // That somebody used it does not show in what the account is like.
      live: { AccountMFAEnabled: 1, AccountAccessKeysPresent: 0 },
      finding: { source: 'guardduty', type: 'Policy:IAMUser/RootCredentialUsage' },
      leads: {
        outcome: 'notified',
        reason: 'the root user was used (20',
        todo: ['AttributeValue=root --start-time 20', 'if none of you did: change', 'management account'],
      },
    },
    {
      live: { AccountMFAEnabled: 1, AccountAccessKeysPresent: 0 },
      finding: { source: 'guardduty', type: 'Policy:IAMUser/ShortTermRootCredentialUsage' },
      leads: {
        outcome: 'notified',
        reason: 'the root user was used by a session that a central account had opened',
        todo: ['AttributeValue=AssumeRoot', 'sts:AssumeRoot', 'management account'],
      },
    },
  ],
  aws: ({ more }) => ({ iam: { GetAccountSummary: () => ({ SummaryMap: more }) } }),
}
