import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { coverage } from '../../scripts/generate/coverage-table.ts'
import { wildcard } from '../../src/playbook/matchers.ts'
import { CORPUS_FILES, corpusText } from '../support/event-corpus.ts'

/** What has to be answered, or to have its reason: the lists of AWS, and of those who do the same. */
const ASKED: Record<string, string> = {
  /** Managed rules of AWS Config that are about security (developer guide, April 2023). */
  config: `
    INCOMING_SSH_DISABLED RESTRICTED_INCOMING_TRAFFIC VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS
    EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK RDS_SNAPSHOTS_PUBLIC_PROHIBITED RDS_INSTANCE_PUBLIC_ACCESS_CHECK
    S3_BUCKET_PUBLIC_READ_PROHIBITED S3_BUCKET_PUBLIC_WRITE_PROHIBITED S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED
    S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC S3_BUCKET_SSL_REQUESTS_ONLY
    S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED S3_DEFAULT_ENCRYPTION_KMS S3_BUCKET_VERSIONING_ENABLED
    S3_BUCKET_LOGGING_ENABLED S3_BUCKET_ACL_PROHIBITED S3_BUCKET_POLICY_GRANTEE_CHECK CLOUD_TRAIL_ENABLED
    CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED MULTI_REGION_CLOUD_TRAIL_ENABLED CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED
    CLOUD_TRAIL_ENCRYPTION_ENABLED IAM_PASSWORD_POLICY ACCESS_KEYS_ROTATED IAM_USER_MFA_ENABLED
    MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS ROOT_ACCOUNT_MFA_ENABLED IAM_ROOT_ACCESS_KEY_CHECK
    IAM_USER_UNUSED_CREDENTIALS_CHECK IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS EC2_IMDSV2_CHECK
    EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED
    EC2_MANAGEDINSTANCE_APPLICATIONS_REQUIRED EC2_MANAGEDINSTANCE_INVENTORY_BLACKLISTED EC2_INSTANCE_MANAGED_BY_SSM
    VPC_DEFAULT_SECURITY_GROUP_CLOSED VPC_FLOW_LOGS_ENABLED NACL_NO_UNRESTRICTED_SSH_RDP EC2_INSTANCE_NO_PUBLIC_IP
    SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED
    KMS_CMK_NOT_SCHEDULED_FOR_DELETION CMK_BACKING_KEY_ROTATION_ENABLED GUARDDUTY_ENABLED_CENTRALIZED
    GUARDDUTY_NON_ARCHIVED_FINDINGS SECURITYHUB_ENABLED DMS_REPLICATION_NOT_PUBLIC SSM_DOCUMENT_NOT_PUBLIC
    ECR_PRIVATE_IMAGE_SCANNING_ENABLED ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED
    EKS_ENDPOINT_NO_PUBLIC_ACCESS EKS_SECRETS_ENCRYPTED ELB_TLS_HTTPS_LISTENERS_ONLY
    ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK ELB_DELETION_PROTECTION_ENABLED ELB_LOGGING_ENABLED
    ELBV2_ACM_CERTIFICATE_REQUIRED ALB_WAF_ENABLED REQUIRED_TAGS DB_INSTANCE_BACKUP_ENABLED DYNAMODB_PITR_ENABLED
    RDS_STORAGE_ENCRYPTED RDS_INSTANCE_DELETION_PROTECTION_ENABLED RDS_CLUSTER_DELETION_PROTECTION_ENABLED
    ENCRYPTED_VOLUMES EC2_EBS_ENCRYPTION_BY_DEFAULT REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK SNS_ENCRYPTED_KMS
    OPENSEARCH_IN_VPC_ONLY ELASTICSEARCH_IN_VPC_ONLY SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS
    EMR_MASTER_NO_PUBLIC_IP AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED API_GW_ASSOCIATED_WITH_WAF
    ACM_CERTIFICATE_EXPIRATION_CHECK SECRETSMANAGER_ROTATION_ENABLED_CHECK RDS_SNAPSHOT_ENCRYPTED
    BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED NO_UNRESTRICTED_ROUTE_TO_IGW INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY
    EC2_SECURITY_GROUP_ATTACHED_TO_ENI EC2_STOPPED_INSTANCE`,
  /** The security checks of Trusted Advisor. */
  trustedadvisor: `
    1iG5NDGVre 7DAFEmoDos DqdJqYeRm5 HCP4007jGY ePs02jT06w nNauJisYIT rSs93HQwa1 c9D319e7sG Pfx0RwqBli vjafUGJ9H0
    xSqX82fQu zXCkfM1nI3 Yw2K9puPzl N425c450f2 N430c450f2 12Fnkpl8Y5`,
  /** Controls that Automated Security Response on AWS puts right (3.1.5 and before). */
  securityhub: `
    Athena.4 APIGateway.1 APIGateway.5 AutoScaling.1 AutoScaling.3 Autoscaling.5 CloudFormation.1 CloudFront.1
    CloudFront.12 CloudTrail.1 CloudTrail.2 CloudTrail.3 CloudTrail.4 CloudTrail.5 CloudTrail.6 CloudTrail.7
    CloudWatch.1 CloudWatch.2 CloudWatch.3 CloudWatch.4 CloudWatch.5 CloudWatch.6 CloudWatch.7 CloudWatch.8
    CloudWatch.9 CloudWatch.10 CloudWatch.11 CloudWatch.12 CloudWatch.13 CloudWatch.14 CloudWatch.16 CodeBuild.2
    CodeBuild.5 Config.1 DynamoDB.1 DynamoDB.5 DynamoDB.6 ElastiCache.1 ElastiCache.2 ElastiCache.3 ECS.5 EC2.1
    EC2.2 EC2.4 EC2.6 EC2.7 EC2.8 EC2.10 EC2.13 EC2.14 EC2.15 EC2.18 EC2.19 EC2.23 ELB.1 ECR.1 IAM.3 IAM.7 IAM.8
    IAM.11 IAM.12 IAM.13 IAM.14 IAM.15 IAM.16 IAM.17 IAM.18 IAM.22 KMS.4 Lambda.1 RDS.1 RDS.2 RDS.4 RDS.5 RDS.6
    RDS.7 RDS.8 RDS.13 RDS.16 Redshift.1 Redshift.3 Redshift.4 Redshift.6 S3.1 S3.2 S3.3 S3.4 S3.5 S3.6 S3.8 S3.9
    S3.11 S3.13 SecretsManager.1 SecretsManager.3 SecretsManager.4 SNS.1 SNS.2 SQS.1 SSM.1 SSM.4 GuardDuty.1
    GuardDuty.2 GuardDuty.4 Macie.1`,
  /** All policy findings of GuardDuty. */
  guardduty: `
    Policy:IAMUser/RootCredentialUsage Policy:IAMUser/ShortTermRootCredentialUsage
    Policy:Kubernetes/AdminAccessToDefaultServiceAccount Policy:Kubernetes/AnonymousAccessGranted
    Policy:Kubernetes/ExposedDashboard Policy:Kubernetes/KubeflowDashboardExposed
    Policy:S3/AccountBlockPublicAccessDisabled Policy:S3/BucketAnonymousAccessGranted
    Policy:S3/BucketBlockPublicAccessDisabled Policy:S3/BucketPublicAccessGranted`,
}

const rows = coverage(playbooks)
const isCovered = (source: string, type: string) =>
  rows.some((row) => row.source === source && (row.type === type || wildcard(row.type, type)))

test.each(Object.entries(ASKED))('%s: each finding is answered, or says why not', (source, types) => {
  const all = types.trim().split(/\s+/)
  expect(all.filter((type) => !isCovered(source, type))).toEqual([])
})

/** Each check of a real scan. */
const SCANS = CORPUS_FILES.filter((file) => /^scanner\/.*\.ocsf\.json$/.test(file))

describe('of a real scan of Prowler', () => {
  for (const file of SCANS) {
    test(`${file}: each check is answered, or says why not`, () => {
      const checks = JSON.parse(corpusText(file)) as { metadata: { event_code: string } }[]
      const types = new Set(checks.map(({ metadata }) => metadata.event_code))
      expect([...types].filter((type) => !isCovered('prowler', type))).toEqual([])
    })
  }

  test('and a reason is a sentence, not a word', () => {
    const short = rows.filter(({ why }) => why !== undefined && why.split(' ').length < 6)
    expect(short).toEqual([])
  })
})
