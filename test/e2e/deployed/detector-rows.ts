/** What a detector says, how it comes in, and what must become of it. */
export interface DetectorRow {
  /** An event of the sandbox by its name, or a file of the corpus of real ones: then the row is there only with it. */
  said: { own: string } | { file: string; only?: { check: string } }
  /** Put on the bus, published on a topic that the stack is told of, or put into the intake queue as it stands. */
  by: 'bus' | 'topic' | 'queue'
  /** What the ids in it become ids of. */
  about?: 'group' | 'snapshot' | 'bucket' | 'instance' | 'database'
  /** `playbook outcome` of each run, sorted, and `ignored: why` of each finding without one; none where no rule lets it in. */
  ends: readonly string[]
}

const own = (
  name: string,
  by: DetectorRow['by'],
  about: DetectorRow['about'],
  ends: DetectorRow['ends'],
): DetectorRow => ({ said: { own: name }, by, ...(about && { about }), ends })
const real = (
  file: string,
  by: DetectorRow['by'],
  about: DetectorRow['about'],
  ends: DetectorRow['ends'],
): DetectorRow => ({ said: { file }, by, ...(about && { about }), ends })
const unanswered = (what: string) => [`ignored: no playbook answers ${what}`]
const KEPT_OUT: readonly string[] = []

const CLOSED = ['ec2-close-open-ingress remediated']
const PRIVATE = ['ec2-unshare-public-snapshot remediated']
const BLOCKED = ['s3-block-public-access remediated']
const PATCHED = ['ssm-patch-instance remediated']
/** Nothing tells here whether a program on it still asks by IMDSv1: a person is asked. */
const IMDS_V2 = ['ec2-require-imdsv2 waiting']
const PROWLER = 'scanner/prowler-5.46.0'
const OPEN_TO_SSH = 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22'

/** Every detector that is read, by each way in which it can come. All of them are put in at once. */
export const ROWS: readonly DetectorRow[] = [
  own('ssh-open', 'bus', 'group', CLOSED),
  real('derived/config-eb-derived-aws-config-developer-guide-item-change-3', 'bus', 'group', CLOSED),
  real(
    'config-eb-compliance-transcribed-access-keys-rotated',
    'bus',
    undefined,
    unanswered('config ACCESS_KEYS_ROTATED'),
  ),
  real('config-eb-compliance-transcribed-securityhub-rule-compliant', 'bus', undefined, [
    'ignored: resolved',
  ]),
  own('config-by-topic', 'topic', 'instance', IMDS_V2),
  real('config-sns-aws-config-developer-guide-item-change-3', 'topic', 'group', CLOSED),

  own('port-probe', 'bus', 'group', [
    'ec2-close-open-ingress notApplicable',
    'wafv2-block-attacker-ip remediated',
  ]),
  real('derived/guardduty-eb-derived-transcribed-Policy-S3-BucketAnonymousAccessGranted', 'bus', 'bucket', [
    ...BLOCKED,
    's3-remove-public-grants alreadyCompliant',
  ]),
  real('derived/guardduty-eb-derived-panther-UnauthorizedAccess-EC2-SSHBruteForce', 'bus', undefined, [
    'wafv2-block-attacker-ip notApplicable',
  ]),
  own(
    'guardduty-attack-sequence',
    'bus',
    undefined,
    unanswered('guardduty AttackSequence:S3/CompromisedData'),
  ),
  real('derived/guardduty-eb-derived-panther-analysis-AttackSequence-S3-CompromisedData', 'bus', undefined, [
    'ignored: sample',
  ]),
  own('port-probe-sample', 'bus', undefined, ['ignored: sample']),

  own('securityhub-control', 'bus', 'group', CLOSED),
  own('securityhub-custom-action', 'bus', 'group', CLOSED),
  own('securityhub-v2', 'bus', 'group', CLOSED),
  own('securityhub-two-buckets', 'bus', 'bucket', [...BLOCKED, ...BLOCKED]),
  real('derived/securityhub-eb-derived-django-DefectDojo-config-multiple-resources', 'bus', 'bucket', [
    'ec2-clear-default-group resourceGone',
    'ec2-clear-default-group resourceGone',
    ...BLOCKED,
    ...BLOCKED,
  ]),
  real('derived/securityhub-eb-derived-automated-security-response-on-aws-cis-41', 'bus', 'group', CLOSED),
  real(
    'derived/securityhub-eb-derived-automated-security-response-on-aws-afsbp-ec2.8',
    'bus',
    'instance',
    IMDS_V2,
  ),
  real('derived/securityhub-eb-derived-automated-security-response-on-aws-afsbp-rds.8', 'bus', 'database', [
    'rds-protect-from-deletion remediated',
  ]),
  real('derived/securityhub-eb-derived-amazon-inspector-user-guide-inspector', 'bus', 'group', CLOSED),
  real('securityhub-v2-eb-aws-securityhubv2-bot-n-1-Detection-Finding-3', 'bus', undefined, [
    'ec2-close-open-ingress notApplicable',
    'wafv2-block-attacker-ip notApplicable',
  ]),

  own('inspector-reachable-port', 'bus', 'group', CLOSED),
  own('inspector-missing-patch', 'bus', 'instance', PATCHED),
  real('inspector2-eb-transcribed-docs-network-reachability', 'bus', 'group', CLOSED),
  own('inspector-classic', 'topic', undefined, unanswered('inspector FINDING_REPORTED')),
  real(
    'inspector-classic-sns-body-amazon-inspector-network-reachability-workshop',
    'topic',
    undefined,
    unanswered('inspector FINDING_REPORTED'),
  ),
  real('ecr-eb-aws-lambda-go-image-scan', 'bus', undefined, ['ecr-vulnerable-image resourceGone']),

  own('trusted-advisor', 'bus', 'group', CLOSED),
  real('trustedadvisor-eb-transcribed-sg-unrestricted-access', 'bus', 'group', CLOSED),
  own('access-analyzer', 'bus', 'snapshot', PRIVATE),
  real(
    'accessanalyzer-eb-transcribed-docs-internal-access',
    'bus',
    undefined,
    unanswered('accessanalyzer InternalAccess:AWS::S3::Bucket'),
  ),
  own('macie', 'bus', 'bucket', BLOCKED),
  real(
    'derived/macie-eb-derived-content-hub-SensitiveData-S3Object-Personal',
    'bus',
    undefined,
    unanswered('macie SensitiveData:S3Object/Personal'),
  ),

  own('cloudtrail-call', 'bus', 'group', CLOSED),
  real(
    'derived/cloudtrail-eb-derived-panther-analysis-AuthorizeSecurityGroupIngress-2',
    'bus',
    'group',
    CLOSED,
  ),
  real('cloudtrail-eb-cloud-custodian-event-cloud-trail-create-bucket', 'bus', undefined, KEPT_OUT),
  own('health', 'bus', undefined, unanswered('health AWS_RISK_CREDENTIALS_EXPOSED')),
  real(
    'health-eb-cloud-custodian-AWS-EC2-PERSISTENT-INSTANCE-RETIREMENT-SCHEDULED',
    'bus',
    undefined,
    unanswered('health AWS_EC2_PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED'),
  ),

  own('systems-manager-command', 'bus', undefined, KEPT_OUT),
  own('systems-manager', 'bus', undefined, KEPT_OUT),
  own('systems-manager', 'queue', 'instance', unanswered('ssm Compliance:Patch')),
  own('tags', 'bus', undefined, KEPT_OUT),
  own('tags', 'queue', 'instance', unanswered('tag ec2:instance')),
  real('tag-eb-amazon-cloudwatch-events-user-guide', 'queue', undefined, unanswered('tag ec2:instance')),
  own('schedule', 'queue', undefined, ['ignored: notice']),
  real('scheduled-eb-amazon-cloudwatch-events-user-guide', 'bus', undefined, KEPT_OUT),
  real('scheduled-eb-cloud-custodian', 'queue', undefined, ['ignored: notice']),

  own('prowler', 'queue', 'instance', IMDS_V2),
  {
    ...real(`${PROWLER}.ocsf`, 'queue', 'group', CLOSED),
    said: { file: `${PROWLER}.ocsf`, only: { check: OPEN_TO_SSH } },
  },
  {
    ...real(`${PROWLER}.asff`, 'bus', 'group', CLOSED),
    said: { file: `${PROWLER}.asff`, only: { check: OPEN_TO_SSH } },
  },
  own('custodian', 'queue', undefined, unanswered('custodian groups-open-to-the-world')),
]
