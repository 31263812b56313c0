import { call } from '../../src/playbook/api.ts'
import { defineCopies, making, picked } from '../../src/playbook/service/copies.ts'

/** Roles without their permissions, and the account's rules for passwords; an error says that there are none. */
export const identityCopies = defineCopies('iam', {
  GetRole: ({ answer }) => {
    if (answer?.Role === undefined) return []
    const { RoleName, AssumeRolePolicyDocument = '', Tags = [] } = answer.Role
    return [
      making(
        call('iam', 'CreateRole', {
          RoleName,
          AssumeRolePolicyDocument: decodeURIComponent(AssumeRolePolicyDocument),
          ...picked(answer.Role, 'Path', 'Description', 'MaxSessionDuration'),
          ...(Tags.length > 0 && { Tags }),
        }),
        { makes: `role ${RoleName}`, ids: { 'Role.RoleId': answer.Role.RoleId ?? '' } },
      ),
    ]
  },
  GetAccountPasswordPolicy: ({ answer }) => {
    if (answer?.PasswordPolicy === undefined) return []
    const { ExpirePasswords: _, ...policy } = answer.PasswordPolicy
    return [making(call('iam', 'UpdateAccountPasswordPolicy', policy))]
  },
})
