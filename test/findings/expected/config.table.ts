import { accountItself, found, type Row, refused } from './row.ts'

const row = found('config')
const RULE = 'config-rule-lambda-'
const GUIDE = 'config-sns-aws-config-developer-guide-'
const MADE = 'config-sns-awsconfig-transformerd-'
const RDK = 'config-item-aws-config-rdk-'

/** AWS Config over EventBridge and SNS, as a custom rule gets it, and bare items. */
export const CONFIG: Row[] = [
  row(
    'config-eb-compliance-aws-auto-remediate-vpc-flow-logs',
    'active',
    'VPC_FLOW_LOGS_ENABLED',
    'MEDIUM',
    '914242778834 ap-southeast-2',
    [['AWS::EC2::VPC', 'vpc-00daeeb328891ac24']],
  ),
  row(
    'config-eb-compliance-transcribed-access-keys-rotated',
    'active',
    'ACCESS_KEYS_ROTATED',
    'MEDIUM',
    '111122223333 us-east-1',
    [['AWS::IAM::User', 'AIDAW6MN5QPJPMC7R4QBE']],
  ),
  row(
    'config-eb-compliance-transcribed-securityhub-rule-compliant',
    'resolved',
    'securityhub-iam-inline-policy-blocked-kms-actions-baa2cf8c',
    'MEDIUM',
    '111122223333 eu-west-2',
    [['AWS::IAM::Role', 'AROAY66XCSFB4WL7AHL3V']],
  ),
  row(
    `${GUIDE}compliance-change`,
    'resolved',
    'CLOUD_TRAIL_ENABLED',
    'MEDIUM',
    '123456789012 us-east-2',
    accountItself('123456789012'),
  ),
  refused(`${GUIDE}evaluation-started`, 'unknownShape'),
  refused(`${GUIDE}snapshot-completed`, 'unknownShape'),
  row(`${GUIDE}item-change-3`, 'active', 'item:AWS::EC2::SecurityGroup', 'MEDIUM', '123456789012 us-east-2', [
    ['AWS::EC2::SecurityGroup', 'sg-3f1fef43'],
  ]),
  row(`${MADE}ec2.0`, 'active', 'item:AWS::EC2::Instance', 'MEDIUM', '123456789012 us-west-2', [
    ['AWS::EC2::Instance', 'i-0a763ac3ee37d8d2b'],
  ]),
  row(`${MADE}ec2.deleted`, 'resolved', 'item:AWS::EC2::Instance', 'MEDIUM', '752631980301 us-west-2', [
    ['AWS::EC2::Instance', 'i-08f37101ae44e31e4'],
  ]),
  refused(`${MADE}ec2.deleted-malformed`, 'notJson'),
  row(
    `${MADE}elb.update`,
    'active',
    'item:AWS::ElasticLoadBalancing::LoadBalancer',
    'MEDIUM',
    '123456789012 us-west-2',
    [['AWS::ElasticLoadBalancing::LoadBalancer', 'config-test-elb']],
  ),
  row(`${MADE}subnet.delete`, 'resolved', 'item:AWS::EC2::Subnet', 'MEDIUM', '123456789012 us-west-2', [
    ['AWS::EC2::Subnet', 'subnet-000aa0a000a00a0aa'],
  ]),
  row(
    `${RULE}aws-config-developer-guide-ConfigurationItemChangeNotification-AWS-EC2-`,
    'active',
    'item:AWS::EC2::Instance',
    'MEDIUM',
    '123456789012 us-east-2',
    [['AWS::EC2::Instance', 'i-00000000']],
  ),
  refused(`${RULE}aws-config-developer-guide-ScheduledNotification-None`, 'unknownShape'),
  row(
    `${RULE}cloud-custodian-event-config-rule-security-group`,
    'active',
    'item:AWS::EC2::SecurityGroup',
    'MEDIUM',
    '123456789012 eu-west-1',
    [['AWS::EC2::SecurityGroup', 'sg-e2fb6999']],
    {
      ruleName: 'custodian-sg-exposed-port7',
    },
  ),
  refused(
    `${RULE}aws-sam-cli-ConfigurationItemChangeNotification`,
    'missingField',
    'configurationItem.awsRegion',
  ),
  row(
    'config-msg-aws-config-developer-guide-oversized',
    'active',
    'item:AWS::EC2::Instance',
    'MEDIUM',
    '123456789012 us-west-2',
    [['AWS::EC2::Instance', 'resourceId_14b76876-7969-4097-ab8e-a31942b02e80']],
  ),
  row(`${RDK}IAM-User`, 'active', 'item:AWS::IAM::User', 'MEDIUM', '112233445566 global', [
    ['AWS::IAM::User', 'AIDAILEDWOGIPJFAKOJKW'],
  ]),
  row(`${RDK}RDS-DBInstance`, 'active', 'item:AWS::RDS::DBInstance', 'MEDIUM', '264683526309 us-east-1', [
    ['AWS::RDS::DBInstance', 'db-HHTTSRD6HXUIKXPFPI6WFVZ4PA'],
  ]),
  row(
    `${RDK}S3-AccountPublicAccessBlock`,
    'active',
    'item:AWS::S3::AccountPublicAccessBlock',
    'MEDIUM',
    '123456789012 us-east-1',
    [['AWS::S3::AccountPublicAccessBlock', '123456789012']],
  ),
]
