import type { Permission } from '../playbook/permissions.ts'

/** What whoever tells detectors needs of IAM; the role `TellRole` of both templates has the same. */
export const TELL_NEEDS: readonly Permission[] = [
  ...['GetFindings', 'BatchUpdateFindings'].map((operation) => ({
    action: `securityhub:${operation}`,
    resource: 'arn:{partition}:securityhub:{region}:{account}:hub/default',
  })),
  // These know no resource.
  ...[
    'ListDetectors',
    'GetAdministratorAccount',
    'ArchiveFindings',
    'UnarchiveFindings',
    'UpdateFindingsFeedback',
  ].map((operation) => ({ action: `guardduty:${operation}`, resource: '*' })),
  {
    action: 'config:StartConfigRulesEvaluation',
    resource: 'arn:{partition}:config:{region}:{account}:config-rule/*',
  },
  {
    action: 'access-analyzer:StartResourceScan',
    resource: 'arn:{partition}:access-analyzer:{region}:{account}:analyzer/*',
  },
]
