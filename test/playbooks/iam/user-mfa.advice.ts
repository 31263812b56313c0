import { userMfa } from '../../../playbooks/iam/user-mfa.ts'
import type { AdviceTable } from '../advice-table.ts'
import { absent, onlyIf } from '../setting-table.ts'

const ARN = 'arn:aws:iam::123456789012:user/teams/web/alice'
const signedIn = { PasswordLastUsed: new Date('2026-11-01T12:00:00Z') }
const byPassword = { password: true, devices: [] }

export const table: AdviceTable = {
  playbook: userMfa,
  // As AWS Config names users.
  finding: { type: 'IAM_USER_MFA_ENABLED', id: 'AIDACKCEVSQ6C2EXAMPLE' },
  id: 'teams/web/alice',
  rows: [
    {
      live: { ...byPassword, ...signedIn },
      leads: {
        outcome: 'notified',
        reason: 'the user signs in by a password alone (last on 2026-11-01)',
        todo: [
          'ask alice to add a device',
          'create-virtual-mfa-device --virtual-mfa-device-name alice',
          '--user-name alice --serial-number arn:aws:iam::123456789012:mfa/alice',
          'delete-login-profile --user-name alice',
          'IAM Identity Center',
        ],
      },
    },
    {
      live: byPassword,
      finding: { source: 'securityhub', type: 'IAM.5', id: ARN },
      leads: {
        outcome: 'notified',
        reason: '(as far as IAM knows never)',
        todo: ['ask alice', 'create-virtual', 'enable-mfa', 'delete-login', 'Identity Center'],
      },
    },
    {
      live: byPassword,
      // By name alone, which does not tell the path.
      finding: { type: 'IAM_USER_MFA_ENABLED', id: 'alice' },
      leads: {
        outcome: 'notified',
        reason: 'by a password alone',
        todo: ['ask alice', 'create-virtual', 'enable-mfa', 'delete-login', 'Identity Center'],
      },
    },
    {
      live: byPassword,
      // The rule names the account: bob has a device, and a build user has no password.
      finding: { type: 'MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS' },
      leads: {
        outcome: 'notified',
        reason: 'by a password alone',
        todo: ['ask alice', 'create-virtual', 'enable-mfa', 'delete-login', 'Identity Center'],
      },
    },
    {
      live: { password: true, devices: [{ SerialNumber: 'arn:aws:iam::123456789012:u2f/user/alice/key' }] },
      leads: { outcome: 'alreadyCompliant', reason: 'a person has put it right' },
    },
    {
      live: { password: false, devices: [] },
      leads: { outcome: 'notApplicable', reason: 'the user has no password for the console' },
    },
  ],
  aws: (alice) => {
    const { password, devices, ...more } = alice.more
    const user = { UserName: 'alice', UserId: 'AIDACKCEVSQ6C2EXAMPLE', Arn: ARN }
    const others = ['bob', 'build'].map((name) => ({
      UserName: name,
      UserId: `AIDA${name.toUpperCase()}2EXAMPLEXX`,
      Arn: `arn:aws:iam::123456789012:user/${name}`,
    }))
    const there = (action: string, name: unknown) => {
      const known = [...onlyIf(alice, user), ...others].some(({ UserName }) => UserName === name)
      if (!known) throw absent(action, 'NoSuchEntityException')
    }
    return {
      iam: {
        ListUsers: () => ({ Users: [...onlyIf(alice, user), ...others] }),
        GetUser: ({ UserName }) => {
          there('iam:GetUser', UserName)
          return { User: { ...user, Tags: alice.tags, ...more } }
        },
        GetLoginProfile: ({ UserName }) => {
          there('iam:GetLoginProfile', UserName)
          if (UserName === 'build' || (UserName === 'alice' && !password))
            throw absent('iam:GetLoginProfile', 'NoSuchEntityException')
          return { LoginProfile: { UserName } }
        },
        ListMFADevices: ({ UserName }) => {
          there('iam:ListMFADevices', UserName)
          return {
            MFADevices: UserName === 'bob' ? [{ SerialNumber: '1' }] : UserName === 'build' ? [] : devices,
          }
        },
      },
    }
  },
}
