import { describe, expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { answerers } from '../../src/engine/jobs/jobs.ts'
import type { Evidence, FindingResource, Source } from '../../src/findings/finding.ts'
import { sampleFinding } from '../support/sample-finding.ts'

const INSTANCE: FindingResource = { type: 'AWS::EC2::Instance', id: 'i-0a1b2c3d4e5f60718' }
const IMAGE: FindingResource = { type: 'AWS::ECR::ContainerImage', id: 'web@sha256:0' }
const FUNCTION: FindingResource = { type: 'AWS::Lambda::Function', id: 'web' }

function answering(source: Source, type: string, evidence: Evidence = {}, resource = INSTANCE): string[] {
  const finding = sampleFinding({ source, type, evidence, resources: [resource] })
  return answerers(playbooks, finding, {}).map(({ id }) => id)
}

const curl = (manager: string, fixAvailable: string): Evidence => ({
  packages: [{ name: 'curl', manager, fixAvailable }],
})

describe('a finding is answered by the playbook that knows its detector', () => {
  test.each<[Source, string, string, Evidence?]>([
    ['securityhub', 'EC2.13', 'ec2-close-open-ingress'],
    ['securityhub', 'EC2.19', 'ec2-close-open-ingress'],
    ['securityhub', 'EC2.18', 'ec2-close-open-ingress'],
    ['prowler', 'ec2_securitygroup_allow_ingress_from_internet_to_any_port', 'ec2-close-open-ingress'],
    ['trustedadvisor', 'HCP4007jGY', 'ec2-close-open-ingress'],
    ['prowler', 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389', 'ec2-close-open-ingress'],
    ['inspector', 'NETWORK_REACHABILITY', 'ec2-close-open-ingress', { groups: ['sg-1'], ports: [22] }],
    ['cloudtrail', 'ec2:AuthorizeSecurityGroupIngress', 'ec2-close-open-ingress'],
    ['cloudtrail', 'ec2:ModifySecurityGroupRules', 'ec2-close-open-ingress'],
    ['securityhub', 'EC2.1', 'ec2-unshare-public-snapshot'],
    ['trustedadvisor', 'ePs02jT06w', 'ec2-unshare-public-snapshot'],
    ['prowler', 'ec2_ebs_public_snapshot', 'ec2-unshare-public-snapshot'],
    [
      'accessanalyzer',
      'ExternalAccess:AWS::EC2::Snapshot',
      'ec2-unshare-public-snapshot',
      { isPublic: true },
    ],
    ['cloudtrail', 'ec2:ModifySnapshotAttribute', 'ec2-unshare-public-snapshot'],
    ['securityhub', 'S3.8', 's3-block-public-access'],
    [
      'guardduty',
      'Policy:S3/BucketAnonymousAccessGranted',
      's3-block-public-access, s3-remove-public-grants',
    ],
    ['prowler', 's3_bucket_public_access', 's3-block-public-access, s3-remove-public-grants'],
    ['macie', 'Policy:IAMUser/S3BlockPublicAccessDisabled', 's3-block-public-access'],
    [
      'accessanalyzer',
      'ExternalAccess:AWS::S3::Bucket',
      's3-block-public-access, s3-remove-public-grants',
      { isPublic: true },
    ],
    ['trustedadvisor', 'Pfx0RwqBli', 's3-block-public-access, s3-remove-public-grants'],
    ['cloudtrail', 's3:PutBucketPolicy', 's3-remove-public-grants'],
    ['config', 'S3_BUCKET_ACL_PROHIBITED', 's3-remove-public-grants'],
    ['config', 'S3_BUCKET_PUBLIC_READ_PROHIBITED', 's3-block-public-access, s3-remove-public-grants'],
    ['securityhub', 'S3.5', 's3-require-tls'],
    ['prowler', 's3_bucket_secure_transport_policy', 's3-require-tls'],
    ['config', 'LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED', 'lambda-remove-public-permission'],
    ['cloudtrail', 'lambda:AddPermission20150331v2', 'lambda-remove-public-permission'],
    ['securityhub', 'SNS.4', 'sns-remove-public-statement'],
    ['cloudtrail', 'sqs:SetQueueAttributes', 'sqs-remove-public-statement'],
    ['accessanalyzer', 'ExternalAccess:AWS::SQS::Queue', 'sqs-remove-public-statement', { isPublic: true }],
    ['prowler', 'ecr_repositories_not_publicly_accessible', 'ecr-remove-public-statement'],
    ['accessanalyzer', 'ExternalAccess:AWS::IAM::Role', 'iam-narrow-role-trust'],
    ['cloudtrail', 'iam:UpdateAssumeRolePolicy', 'iam-narrow-role-trust'],
    ['securityhub', 'RDS.8', 'rds-protect-from-deletion'],
    ['securityhub', 'RDS.7', 'rds-protect-cluster-from-deletion'],
    ['trustedadvisor', 'rSs93HQwa1', 'rds-unshare-public-snapshot'],
    [
      'accessanalyzer',
      'ExternalAccess:AWS::RDS::DBClusterSnapshot',
      'rds-unshare-public-snapshot',
      { isPublic: true },
    ],
    ['cloudtrail', 'rds:ModifyDBClusterSnapshotAttribute', 'rds-unshare-public-snapshot'],
    ['trustedadvisor', 'opQPADkZvH', 'rds-enable-backups'],
    ['securityhub', 'ES.8', 'opensearch-enforce-https'],
    ['prowler', 'rds_instance_deletion_protection', 'rds-protect-from-deletion'],
    ['securityhub', 'EC2.8', 'ec2-require-imdsv2'],
    ['prowler', 'ec2_instance_imdsv2_enabled', 'ec2-require-imdsv2'],
    ['securityhub', 'SSM.2', 'ssm-patch-instance'],
    ['prowler', 'ssm_managed_compliant_patching', 'ssm-patch-instance'],
    ['inspector', 'PACKAGE_VULNERABILITY', 'ssm-patch-instance', curl('OS', 'YES')],
    ['inspector', 'PACKAGE_VULNERABILITY', 'ssm-patch-instance', curl('OS', 'PARTIAL')],
    ['securityhub', 'IAM.5', 'iam-user-mfa'],
    ['securityhub', 'ACM.1', 'acm-certificate-expiry'],
    ['guardduty', 'Policy:IAMUser/ShortTermRootCredentialUsage', 'iam-root-account'],
    ['guardduty', 'Impact:Kubernetes/SuccessfulAnonymousAccess', 'eks-anonymous-access'],
  ])('%s %s: %s', (...[source, type, playbook, evidence]) => {
    expect(answering(source, type, evidence).sort().join(', ')).toBe(playbook)
  })
})

test('a package in an image is answered by advice, whoever brought it: a patch run knows no images', () => {
  for (const manager of ['OS', 'NPM'])
    expect(answering('inspector', 'PACKAGE_VULNERABILITY', curl(manager, 'YES'), IMAGE)).toEqual([
      'ecr-vulnerable-image',
    ])
  expect(answering('inspector', 'ECR Image Scan', {}, IMAGE)).toEqual(['ecr-vulnerable-image'])
})

describe('nothing answers', () => {
  test.each<[string, Source, string, Evidence?, FindingResource?]>([
    ['a bucket that is shared with somebody', 'accessanalyzer', 'ExternalAccess:AWS::S3::Bucket'],
    ['a queue that is shared with somebody', 'accessanalyzer', 'ExternalAccess:AWS::SQS::Queue'],
    ['a snapshot that is shared with somebody', 'accessanalyzer', 'ExternalAccess:AWS::EC2::Snapshot'],
    ['a package without a fix', 'inspector', 'PACKAGE_VULNERABILITY', curl('OS', 'NO')],
    ['a package that no baseline knows', 'inspector', 'PACKAGE_VULNERABILITY', curl('PIP', 'YES')],
    ['a package in a function', 'inspector', 'PACKAGE_VULNERABILITY', curl('OS', 'YES'), FUNCTION],
    ['a vulnerability without packages', 'inspector', 'PACKAGE_VULNERABILITY'],
    ['a port that is reached by no named group', 'inspector', 'NETWORK_REACHABILITY', { ports: [22] }],
    ['reachability without ports', 'inspector', 'NETWORK_REACHABILITY', { groups: ['sg-1'] }],
    ['a manual snapshot without encryption', 'securityhub', 'RDS.4'],
    ['tags on a group', 'cloudtrail', 'ec2:CreateTags'],
    ['a changed tag', 'tag', 'AWS::EC2::SecurityGroup'],
    ['access control lists, whomever they name', 'prowler', 's3_bucket_acl_prohibited'],
    [
      'some address, nobody says which',
      'prowler',
      'ec2_securitygroup_allow_ingress_from_internet_to_any_port_from_ip',
    ],
  ])('%s: %s %s', (...[, source, type, evidence, resource]) => {
    expect(answering(source, type, evidence, resource)).toEqual([])
  })
})
