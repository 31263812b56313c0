/**
 * The finding: what a detector says is wrong with a resource, in one shape whatever the source.
 * Everything in this folder is pure: values in, values out.
 */

/** Every detector that Rectify knows by name. `manual` is a resource named on the command line. */
export type Source =
  | 'config'
  | 'guardduty'
  | 'securityhub'
  | 'inspector'
  | 'trustedadvisor'
  | 'cloudtrail'
  | 'accessanalyzer'
  | 'macie'
  | 'health'
  /** Files of the scanner Prowler: OCSF and ASFF. */
  | 'prowler'
  /** What policies of Cloud Custodian notify of. */
  | 'custodian'
  /** Rules of EventBridge and schedules of EventBridge Scheduler. */
  | 'schedule'
  | 'ssm'
  /** Changes of tags. */
  | 'tag'
  | 'manual'

export const SEVERITIES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Only `active` findings are acted on; the others are ignored with the status as the reason. */
export type FindingStatus =
  | 'active'
  | 'resolved'
  | 'archived'
  | 'suppressed'
  /** By the scanner's own list of exceptions. */
  | 'muted'
  /** A check that found nothing wrong. */
  | 'passed'
  | 'sample'
  /** A call that only asked whether it would be allowed. */
  | 'dryRun'
  /** A call that did not succeed. */
  | 'failedCall'
  /** Done by this engine itself. */
  | 'own'
  /** Told for information, and no finding: coverage, a rule that ran, a command that ended. */
  | 'notice'

/** A resource as the detector names it. `type` is the CloudFormation type name (`AWS::EC2::SecurityGroup`). */
export interface FindingResource {
  type: string
  id: string
  arn?: string
}

/** The far side of a connection that a detector saw. */
export interface Remote {
  /** IPv4 or IPv6 address as text, as the detector wrote it (not yet validated). */
  address: string
  /** The port on our side. */
  localPort?: number
  direction?: 'INBOUND' | 'OUTBOUND'
}

/** What playbooks may need besides the resource. A source fills what it knows. */
export interface Evidence {
  /** Whether our resource is the target of the activity or the one who acts. */
  role?: 'TARGET' | 'ACTOR'
  remotes?: Remote[]
  /** Local ports that the finding is about. */
  ports?: number[]
  /** Security group ids worn by the resource. */
  groups?: string[]
  ruleName?: string
  /** Of the Config rule, or of Security Hub's control: absent when they are not known, empty when it has none. */
  ruleParameters?: Record<string, string>
  /** Why the parameters are not known, or what the rule is: a sentence. */
  ruleUnread?: string
  /** Whether everybody has access; absent where the detector does not say so. */
  isPublic?: true
  packages?: { name: string; manager: string; fixAvailable: string }[]
  principal?: string
  accessKeyId?: string
  /** Who acts, in the detector's own word: `IAMUser`, `AssumedRole`, `Root` ... */
  userType?: string
  /** Container images, as the detector names them. */
  images?: string[]
  /** Objects in buckets, `bucket/key`. */
  objects?: string[]
  /** Id of the attack sequence or incident that it is part of. */
  group?: string
}

/**
 * Where whoever reported a finding keeps it, as far as the finding does not say so itself: what it takes to tell them
 * what became of it.
 */
export interface Origin {
  /** The account whose copy this is, where that is not the resource's: an administrator's. */
  account?: string
  /** The region whose copy this is, where that is not the resource's: one into which others are aggregated. */
  region?: string
  /** In which of its two forms Security Hub keeps it. */
  form?: 'asff' | 'ocsf'
  /** Its id there: ASFF `Id`, OCSF `finding_info.uid`. */
  id?: string
  /** ARN of the product there: ASFF `ProductArn`, OCSF `metadata.product.uid`. */
  product?: string
  /** ARN of the analyzer of IAM Access Analyzer. */
  analyzer?: string
}

export interface Finding {
  /** The detector's own identity, stable across updates. */
  id: string
  /** Sorts as text: updated-at in ISO 8601 ms UTC + '#' + zero-padded count. */
  version: string
  source: Source
  /** Who passed it on for the source. */
  via?: 'securityhub'
  origin?: Origin
  /** Config SourceIdentifier where the rule's name or AWS Config tells it, else the rule's name; GuardDuty type ... */
  type: string
  title: string
  severity: Severity
  status: FindingStatus
  /** Of the resource, not of the event. */
  account: string
  region: string
  partition: string
  resources: FindingResource[]
  /** ISO 8601, UTC. */
  observedAt: string
  evidence: Evidence
}

/** `unsupportedSource`, of a detector that is known and not read, is promised to readers of the JSON; none is today. */
export type RejectionCode = 'notJson' | 'unknownShape' | 'unsupportedSource' | 'missingField' | 'tooLarge'

/** Input that could not become a finding. `event` is the path of the file plus a JSON pointer (`events.json#/Records/3`). */
export interface Rejection {
  event: string
  code: RejectionCode
  /** Dotted path of the offending field, where one is to blame. */
  field?: string
  reason: string
}

/** What reading some input gave: findings and, for what could not be read, why. Never throws for content. */
export interface ParseResult {
  findings: Finding[]
  rejected: Rejection[]
}

/** Of the findings of a run the highest severity. */
export function severestOf(findings: readonly Pick<Finding, 'severity'>[]): Severity {
  return (
    SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity)) ??
    'INFORMATIONAL'
  )
}
