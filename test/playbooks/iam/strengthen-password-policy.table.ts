import { strengthenPasswordPolicy } from '../../../playbooks/iam/strengthen-password-policy.ts'
import type { Fields } from '../../support/aws-model/failure.ts'
import { absent, type SettingTable } from '../setting-table.ts'

const all = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
}
const good = {
  MinimumPasswordLength: 14,
  ...all,
  AllowUsersToChangePassword: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 24,
}
const longer = { ...good, MinimumPasswordLength: 20, MaxPasswordAge: 30 }
const AT_NEXT_SIGN_IN = 'has to change it at the next sign-in'

export const table: SettingTable = {
  playbook: strengthenPasswordPolicy,
  finding: { type: 'IAM_PASSWORD_POLICY' },
  id: '123456789012',
  isAlwaysThere: true,
  should: good,
  other: { ...good, MinimumPasswordLength: 8 },
  rows: [
    { live: null, caution: AT_NEXT_SIGN_IN, leads: 'set' },
    { live: { ...good, RequireSymbols: false, MinimumPasswordLength: 8 }, leads: 'set' },
    // What is stricter than asked for stays as strict.
    { live: { ...longer, RequireNumbers: false }, should: longer, leads: 'set' },
    {
      live: { ...good, MaxPasswordAge: 365, HardExpiry: true, AllowUsersToChangePassword: false },
      should: { ...good, HardExpiry: true, AllowUsersToChangePassword: false },
      caution: 'and is locked out until an administrator helps',
      leads: 'set',
    },
    {
      live: { ...good, MinimumPasswordLength: 6 },
      parameters: { minimumLength: 10, reusePrevention: 5 },
      should: { ...good, MinimumPasswordLength: 10 },
      pends: "the finding asks for more than the policy's parameters: 14 characters",
      leads: 'set',
    },
    ...[
      ['securityhub', 'IAM.17', 'another password after 90 days'],
      ['securityhub', 'IAM.16', 'none of the last 24 passwords'],
      ['prowler', 'iam_password_policy_minimum_length_14', '14 characters'],
      ['securityhub', 'IAM.11', undefined],
    ].map(([source, type, pends]) => ({
      live: { ...all, AllowUsersToChangePassword: true, MinimumPasswordLength: 6, RequireNumbers: false },
      parameters: { minimumLength: 8, maximumAge: null, reusePrevention: 5 },
      should: {
        ...all,
        AllowUsersToChangePassword: true,
        MinimumPasswordLength: 8,
        PasswordReusePrevention: 5,
      },
      finding: { source: source as 'prowler', type: type! },
      ...(pends !== undefined && { pends }),
      leads: 'set' as const,
    })),
    {
      live: { ...good, RequireNumbers: false },
      finding: { evidence: { ruleParameters: { MinimumPasswordLength: '20', MaxPasswordAge: '365' } } },
      pends: '20 characters',
      leads: 'set',
    },
    { live: longer, leads: { outcome: 'alreadyCompliant', reason: 'MinimumPasswordLength: 20' } },
    { live: {}, leads: { outcome: 'failed', reason: 'AWS does not say the password policy of the account' } },
  ],
  change: 'iam:UpdateAccountPasswordPolicy',
  wire: {
    async plant({ send, account }) {
      const live = () =>
        send('iam', 'GetAccountPasswordPolicy', {}).then(
          ({ PasswordPolicy: policy }) => policy?.MinimumPasswordLength,
          ({ name }) => name,
        )
      return { id: account, live, should: 14 }
    },
  },
  aws: (account) => ({
    iam: {
      GetAccountPasswordPolicy: () => {
        if (!account.values) throw absent('iam:GetAccountPasswordPolicy', 'NoSuchEntity')
        return {
          PasswordPolicy: { ...account.values, ExpirePasswords: account.values.MaxPasswordAge !== undefined },
        }
      },
      UpdateAccountPasswordPolicy: (policy) => {
        account.values = policy as Fields
        return {}
      },
      DeleteAccountPasswordPolicy: () => {
        account.values = null
        return {}
      },
    },
  }),
}
