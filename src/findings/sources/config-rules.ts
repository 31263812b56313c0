import { remembered } from '../text/remembered.ts'

/**
 * The managed rules of AWS Config: default name → SourceIdentifier (AWS Config developer guide, "List of AWS Config
 * Managed Rules"). A playbook answers the identifier, because a rule may carry any name. That a name says what a rule
 * is, is a likelihood: only AWS Config knows (`src/engine/jobs/rule-facts.ts` asks it).
 */
const OWN_NAME = new Map([
  ['restricted-ssh', 'INCOMING_SSH_DISABLED'],
  ['restricted-common-ports', 'RESTRICTED_INCOMING_TRAFFIC'],
  // Security Hub's, for its control EC2.14.
  ['restricted-rdp', 'RESTRICTED_INCOMING_TRAFFIC'],
  ['cloudtrail-enabled', 'CLOUD_TRAIL_ENABLED'],
  ['multi-region-cloudtrail-enabled', 'MULTI_REGION_CLOUD_TRAIL_ENABLED'],
  ['ec2-instance-managed-by-systems-manager', 'EC2_INSTANCE_MANAGED_BY_SSM'],
])

/** Rules whose identifier is their name in capitals with underscores. */
const LIKE_THEIR_IDENTIFIER = new Set([
  'access-keys-rotated',
  'acm-certificate-expiration-check',
  'alb-http-drop-invalid-header-enabled',
  'alb-http-to-https-redirection-check',
  'alb-waf-enabled',
  'api-gw-associated-with-waf',
  'autoscaling-launch-config-public-ip-disabled',
  'backup-recovery-point-manual-deletion-disabled',
  'cloud-trail-cloud-watch-logs-enabled',
  'cloud-trail-encryption-enabled',
  'cloud-trail-log-file-validation-enabled',
  'cmk-backing-key-rotation-enabled',
  'cw-loggroup-retention-period-check',
  'db-instance-backup-enabled',
  'dms-replication-not-public',
  'dynamodb-pitr-enabled',
  'dynamodb-table-deletion-protection-enabled',
  'ebs-snapshot-block-public-access',
  'ebs-snapshot-public-restorable-check',
  'ec2-ebs-encryption-by-default',
  'ec2-imdsv2-check',
  'ec2-instance-no-public-ip',
  'ec2-managedinstance-applications-blacklisted',
  'ec2-managedinstance-applications-required',
  'ec2-managedinstance-inventory-blacklisted',
  'ec2-managedinstance-patch-compliance-status-check',
  'ec2-security-group-attached-to-eni',
  'ec2-stopped-instance',
  'ecr-private-image-scanning-enabled',
  'ecr-private-lifecycle-policy-configured',
  'ecr-private-tag-immutability-enabled',
  'efs-automatic-backups-enabled',
  'efs-in-backup-plan',
  'eks-endpoint-no-public-access',
  'eks-secrets-encrypted',
  'elasticsearch-in-vpc-only',
  'elb-deletion-protection-enabled',
  'elb-logging-enabled',
  'elb-tls-https-listeners-only',
  'elbv2-acm-certificate-required',
  'emr-master-no-public-ip',
  'encrypted-volumes',
  'guardduty-enabled-centralized',
  'guardduty-non-archived-findings',
  'iam-password-policy',
  'iam-policy-no-statements-with-admin-access',
  'iam-root-access-key-check',
  'iam-user-mfa-enabled',
  'iam-user-unused-credentials-check',
  'internet-gateway-authorized-vpc-only',
  'kms-cmk-not-scheduled-for-deletion',
  'kms-key-policy-no-public-access',
  'lambda-function-public-access-prohibited',
  'mfa-enabled-for-iam-console-access',
  'nacl-no-unrestricted-ssh-rdp',
  'no-unrestricted-route-to-igw',
  'opensearch-https-required',
  'opensearch-in-vpc-only',
  'rds-automatic-minor-version-upgrade-enabled',
  'rds-cluster-deletion-protection-enabled',
  'rds-instance-deletion-protection-enabled',
  'rds-instance-iam-authentication-enabled',
  'rds-instance-public-access-check',
  'rds-mysql-cluster-copy-tags-to-snapshot-check',
  'rds-pgsql-cluster-copy-tags-to-snapshot-check',
  'rds-snapshot-encrypted',
  'rds-snapshots-public-prohibited',
  'rds-storage-encrypted',
  'redshift-cluster-public-access-check',
  'required-tags',
  'root-account-hardware-mfa-enabled',
  'root-account-mfa-enabled',
  's3-account-level-public-access-blocks',
  's3-account-level-public-access-blocks-periodic',
  's3-bucket-acl-prohibited',
  's3-bucket-level-public-access-prohibited',
  's3-bucket-logging-enabled',
  's3-bucket-policy-grantee-check',
  's3-bucket-public-read-prohibited',
  's3-bucket-public-write-prohibited',
  's3-bucket-server-side-encryption-enabled',
  's3-bucket-ssl-requests-only',
  's3-bucket-versioning-enabled',
  's3-default-encryption-kms',
  'sagemaker-notebook-no-direct-internet-access',
  'secretsmanager-rotation-enabled-check',
  'securityhub-enabled',
  'sns-encrypted-kms',
  'sns-topic-no-public-access',
  'sqs-queue-no-public-access',
  'ssm-automation-block-public-sharing',
  'ssm-document-not-public',
  'subnet-auto-assign-public-ip-disabled',
  'vpc-default-security-group-closed',
  'vpc-flow-logs-enabled',
  'vpc-sg-open-only-to-authorized-ports',
])

/** Rules whose name says which ports their parameters hold. */
const PORTS_BY_NAME = new Map([['restricted-rdp', [3389]]])

/** What Security Hub, Control Tower, conformance packs and Organizations make of a rule's name. */
const DEPLOYED_AS = [
  /^AWSControlTower_AWS-GR_(.+)$/,
  /^securityhub-(.+)-[0-9a-z]{6,8}$/,
  /^OrgConfigRule-(.+)-conformance-pack-[0-9a-z]+$/,
  /^OrgConfigRule-(.+)-[0-9a-z]+$/,
  /^(.+)-conformance-pack-[0-9a-z]+$/,
]

/** What the name of a rule lets expect. */
export interface RuleByName {
  /** SourceIdentifier of the managed rule. */
  identifier: string
  /** Ports that its parameters hold, where the name says so. */
  ports?: number[]
}

/**
 * What is known of a managed rule under its default name, under its identifier (`incoming-ssh-disabled`,
 * `INCOMING_SSH_DISABLED`) or under a deployed form of these; undefined for any other name.
 */
export const ruleByName = remembered(ruleUnder, 5_000)

function ruleUnder(name: string): RuleByName | undefined {
  const inner = DEPLOYED_AS.map((form) => form.exec(name)?.[1])
  for (const candidate of [name, ...inner].filter((each) => each !== undefined)) {
    const plain = /^[A-Z0-9_]+$/.test(candidate) ? candidate.toLowerCase().replaceAll('_', '-') : candidate
    const identifier = identifierOf(plain)
    const ports = PORTS_BY_NAME.get(plain)
    if (identifier !== undefined) return { identifier, ...(ports && { ports }) }
  }
  return undefined
}

/** Every identifier that the name of a rule alone can tell; of others AWS Config and the policy say it. */
export function knownIdentifiers(): string[] {
  return [...IDENTIFIERS_OF_OWN_NAMES, ...[...LIKE_THEIR_IDENTIFIER].map(inCapitals)]
}

function identifierOf(name: string): string | undefined {
  const itself = inCapitals(name)
  const isIdentifier = LIKE_THEIR_IDENTIFIER.has(name) || IDENTIFIERS_OF_OWN_NAMES.has(itself)
  return OWN_NAME.get(name) ?? (isIdentifier ? itself : undefined)
}

function inCapitals(name: string): string {
  return name.toUpperCase().replaceAll('-', '_')
}

const IDENTIFIERS_OF_OWN_NAMES = new Set(OWN_NAME.values())
