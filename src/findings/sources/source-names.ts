import type { Source } from '../finding.ts'

/** The detectors as people call them. `manual` is none. */
export const SOURCE_NAMES: Readonly<Record<Exclude<Source, 'manual'>, string>> = {
  config: 'AWS Config',
  guardduty: 'GuardDuty',
  securityhub: 'Security Hub',
  inspector: 'Inspector',
  trustedadvisor: 'Trusted Advisor',
  cloudtrail: 'CloudTrail',
  accessanalyzer: 'IAM Access Analyzer',
  macie: 'Macie',
  health: 'AWS Health',
  prowler: 'Prowler',
  custodian: 'Cloud Custodian',
  schedule: 'EventBridge schedules',
  ssm: 'Systems Manager',
  tag: 'changes of tags',
}
