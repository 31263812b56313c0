import type { Permission } from '../../playbook/permissions.ts'

/** What it takes to ask flow logs about the traffic that a change cuts off: only where a rehearsal is told to (`--traffic`). */
const TRAFFIC_NEEDS: readonly Permission[] = [
  { action: 'ec2:DescribeFlowLogs', resource: '*' },
  { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
  { action: 'logs:DescribeLogGroups', resource: '*' },
  { action: 'logs:StartQuery', resource: 'arn:{partition}:logs:{region}:{account}:log-group:*' },
  { action: 'logs:GetQueryResults', resource: 'arn:{partition}:logs:{region}:{account}:log-group:*' },
  { action: 'logs:StopQuery', resource: '*' },
]

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
  ...TRAFFIC_NEEDS,
]
