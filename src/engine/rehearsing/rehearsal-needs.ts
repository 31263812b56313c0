import type { Permission } from '../../playbook/permissions.ts'

/**
 * What it takes of IAM to ask about calls in a rehearsal. Whoever changes is a role or, at a terminal, maybe a user; a
 * member account lets itself be asked about its changing role only.
 */
export const REHEARSAL_NEEDS: readonly Permission[] = [
  { action: 'iam:GetRole', resource: 'arn:{partition}:iam::{account}:role/*' },
  { action: 'iam:SimulatePrincipalPolicy', resource: 'arn:{partition}:iam::{account}:role/*' },
  { action: 'iam:SimulatePrincipalPolicy', resource: 'arn:{partition}:iam::{account}:user/*' },
  { action: 'access-analyzer:ValidatePolicy', resource: '*' },
  { action: 'access-analyzer:CheckNoPublicAccess', resource: '*' },
]
