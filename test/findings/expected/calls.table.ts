import { accountItself, found, type Row, refused } from './row.ts'

const row = found('cloudtrail')
const C7N = 'cloudtrail-eb-cloud-custodian-event-cloud-trail-'
const PANTHER = 'cloudtrail-raw-panther-analysis-'
const STRATUS = 'cloudtrail-raw-stratus-red-team-'
const call = (
  file: string,
  type: string,
  place: `${string} ${string}`,
  resources: [string, string][],
  more: { status?: 'active' | 'failedCall'; evidence?: Parameters<typeof row>[6] } = {},
): Row => row(file, more.status ?? 'active', type, 'MEDIUM', place, resources, more.evidence)

/** Records of CloudTrail. */
export const CALLS: Row[] = [
  call(
    'cloudtrail-eb-amazon-cloudwatch-events-user-guide-s3',
    's3:CreateBucket',
    '123456789012 us-east-1',
    [['AWS::S3::Bucket', 'bucket-test-iad']],
    {
      evidence: { userType: 'Root' },
    },
  ),
  call(`${C7N}appelb-add-tags`, 'elasticloadbalancing:AddTags', '123456789123 us-east-1', [
    [
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'arn:aws:elasticloadbalancing:us-east-1:123456789123:loadbalancer/app/test/433ae0ba96204181',
    ],
  ]),
  call(
    `${C7N}catalog-put-resource-policy`,
    'glue:PutResourcePolicy',
    '644160558196 us-east-1',
    accountItself('644160558196'),
    {
      evidence: { principal: 'fake@fakeemail.com', userType: 'IAMUser' },
    },
  ),
  call(`${C7N}create-bucket`, 's3:CreateBucket', '619193117841 us-west-2', [
    ['AWS::S3::Bucket', 'custodian-create-bucket-v4'],
  ]),
  call(`${C7N}create-db`, 'rds:CreateDBInstance', '101010101111 us-east-1', [
    ['AWS::RDS::DBInstance', 'onenessdb'],
  ]),
  call(`${C7N}create-distribution`, 'cloudfront:CreateDistribution', '012345678912 us-east-1', [
    ['AWS::CloudFront::Distribution', 'E53370FUHBNLK'],
  ]),
  call(`${C7N}create-efs-mount-target`, 'elasticfilesystem:CreateMountTarget', '644160558196 us-east-1', [
    ['AWS::EFS::FileSystem', 'fs-017557a9f00b1bec9'],
  ]),
  call(
    `${C7N}create-load-balancer-policy`,
    'elasticloadbalancing:CreateLoadBalancerPolicy',
    '101010101111 us-east-1',
    [['AWS::ElasticLoadBalancing::LoadBalancer', 'capione-test']],
  ),
  call(
    `${C7N}hsm-create-cluster`,
    'cloudhsm:CreateCluster',
    '644160558196 us-east-1',
    accountItself('644160558196'),
  ),
  // The caller is of 076173845600; the instance is where the record was delivered.
  call(
    `${C7N}run-instance-creator-assumed`,
    'ec2:RunInstances',
    '644160558196 us-east-1',
    [['AWS::EC2::Instance', 'i-0f7c711dc84bedda0']],
    {
      evidence: { principal: 'GR_Dev_Developer', userType: 'AssumedRole' },
    },
  ),
  call(`${C7N}s3`, 's3:CreateBucket', '101010101111 us-east-1', [['AWS::S3::Bucket', 'cwe-test']]),
  call(`${C7N}tag-distribution`, 'cloudfront:TagResource', '351936369470 us-east-1', [
    ['AWS::CloudFront::Distribution', 'E53370FUHBNLK'],
  ]),
  call(
    'cloudtrail-eb-streamalert-ec2-image-creation-1',
    'ec2:ModifyImageAttribute',
    '444444444444 us-east-1',
    [['AWS::EC2::Image', 'ami-6eb72111']],
  ),
  // Three dots for a region.
  refused('cloudtrail-eb-streamalert-network-acl-ingress-anywhere-0', 'missingField', 'awsRegion'),
  refused('cloudtrail-eb-streamalert-put-bucket-acl-0', 'missingField', 'eventTime'),
  refused('cloudtrail-eb-streamalert-root-account-usage-0', 'missingField', 'awsRegion'),
  call(`${PANTHER}AddPermission20150331v2`, 'lambda:AddPermission20150331v2', '123456789012 us-west-2', [
    ['AWS::Lambda::Function', 'my-lambda-function'],
  ]),
  call(`${PANTHER}AttachUserPolicy`, 'iam:AttachUserPolicy', '123456789012 us-west-2', [
    ['AWS::IAM::User', 'new-user'],
  ]),
  call(
    `${PANTHER}AuthorizeDBSecurityGroupIngress`,
    'rds:AuthorizeDBSecurityGroupIngress',
    '123456789012 us-east-1',
    [['AWS::RDS::DBSecurityGroup', 'production-db-sg']],
  ),
  call(
    `${PANTHER}AuthorizeSecurityGroupIngress`,
    'ec2:AuthorizeSecurityGroupIngress',
    '112233445566 us-west-2',
    [['AWS::EC2::SecurityGroup', 'sg-04f0b44316f7d2471']],
  ),
  call(
    `${PANTHER}AuthorizeSecurityGroupIngress-2`,
    'ec2:AuthorizeSecurityGroupIngress',
    '112233445566 us-east-1',
    [['AWS::EC2::SecurityGroup', 'sg-0d921df5d84f7270a']],
    {
      evidence: { principal: 'Operator' },
    },
  ),
  call(
    `${PANTHER}AuthorizeSecurityGroupIngress-3`,
    'ec2:AuthorizeSecurityGroupIngress',
    '112233445566 us-west-2',
    [['AWS::EC2::SecurityGroup', 'sg-04f0b44316f7d2471']],
    {
      status: 'failedCall',
    },
  ),
  call(
    `${PANTHER}ConsoleLogin`,
    'signin:ConsoleLogin',
    '111122223333 us-east-1',
    accountItself('111122223333'),
    {
      evidence: { principal: 'anaya', remotes: [{ address: '192.0.2.0' }] },
    },
  ),
  call(
    `${PANTHER}ConsoleLogin-2`,
    'signin:ConsoleLogin',
    '111122223333 us-east-1',
    accountItself('111122223333'),
    {
      status: 'failedCall',
    },
  ),
  // Called by CloudFormation, which is no address.
  call(`${PANTHER}CreateAccessKey-2`, 'iam:CreateAccessKey', '123456789 us-east-1', [
    ['AWS::IAM::User', 'user2'],
    ['AWS::IAM::AccessKey', 'ABCDEFG'],
  ]),
  call(`${PANTHER}CreateNetworkAclEntry`, 'ec2:CreateNetworkAclEntry', '123456789012 us-west-2', [
    ['AWS::EC2::NetworkAcl', 'acl-1'],
  ]),
  call(`${PANTHER}DeleteBucketEncryption`, 's3:DeleteBucketEncryption', '111111111111 us-east-1', [
    ['AWS::S3::Bucket', 'sensitive-data-bucket'],
  ]),
  call(
    `${PANTHER}DeleteBucketPublicAccessBlock`,
    's3:DeleteBucketPublicAccessBlock',
    '111111111111 us-east-1',
    [['AWS::S3::Bucket', 'corporate-documents']],
  ),
  call(`${PANTHER}DeleteFlowLogs`, 'ec2:DeleteFlowLogs', '111122223333 us-west-2', [
    ['AWS::EC2::FlowLog', 'fl-0ef673ef70c4f07cc'],
  ]),
  call(`${PANTHER}DeleteTrail`, 'cloudtrail:DeleteTrail', '123456789012 us-west-2', [
    ['AWS::CloudTrail::Trail', 'example-trail'],
  ]),
  call(`${PANTHER}DisableKey`, 'kms:DisableKey', '123456789012 us-west-2', [['AWS::KMS::Key', '1']]),
  call(`${PANTHER}ModifyDBInstance`, 'rds:ModifyDBInstance', '123456789012 us-east-1', [
    ['AWS::RDS::DBInstance', 'production-mysql'],
  ]),
  call(`${PANTHER}ModifyDBSnapshotAttribute`, 'rds:ModifyDBSnapshotAttribute', '123456789012 us-west-2', [
    ['AWS::RDS::DBSnapshot', 'exfiltration'],
  ]),
  call(`${PANTHER}ModifyImageAttribute`, 'ec2:ModifyImageAttribute', '123456789012 us-west-2', [
    ['AWS::EC2::Image', 'ami-1111'],
  ]),
  call(`${PANTHER}ModifySnapshotAttribute`, 'ec2:ModifySnapshotAttribute', '123456789012 us-west-2', [
    ['AWS::EC2::Snapshot', 'snap-1111'],
  ]),
  call(`${PANTHER}PutBucketAcl`, 's3:PutBucketAcl', '123456789012 us-west-2', [
    ['AWS::S3::Bucket', 'bucket'],
  ]),
  call(
    `${PANTHER}PutBucketAcl-2`,
    's3:PutBucketAcl',
    '123456789012 us-west-2',
    [['AWS::S3::Bucket', 'bucket']],
    { status: 'failedCall' },
  ),
  call(`${PANTHER}PutBucketPolicy`, 's3:PutBucketPolicy', '123456789012 us-west-2', [
    ['AWS::S3::Bucket', 'example-bucket'],
  ]),
  call(`${PANTHER}PutKeyPolicy`, 'kms:PutKeyPolicy', '123456789012 us-west-2', [
    ['AWS::KMS::Key', 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'],
  ]),
  call(`${PANTHER}ScheduleKeyDeletion`, 'kms:ScheduleKeyDeletion', '123456789012 us-west-2', [
    ['AWS::KMS::Key', '1'],
  ]),
  call(`${PANTHER}SetRepositoryPolicy`, 'ecr:SetRepositoryPolicy', '112233445566 eu-west-1', [
    ['AWS::ECR::Repository', 'community'],
  ]),
  // The trail by its ARN.
  call(`${PANTHER}StopLogging`, 'cloudtrail:StopLogging', '123456789012 us-west-2', [
    ['AWS::CloudTrail::Trail', 'example-trail'],
  ]),
  call(
    'signin-eb-amazon-cloudwatch-events-user-guide',
    'signin:ConsoleLogin',
    '123456789012 us-east-1',
    accountItself('123456789012'),
    {
      evidence: { userType: 'Root' },
    },
  ),
  // Regions that there are not, `ca-centralnorth-1r`: the tool masks them.
  refused(`${STRATUS}AddPermission20150331v2`, 'missingField', 'awsRegion'),
  refused(`${STRATUS}DeleteTrail`, 'missingField', 'awsRegion'),
  refused(`${STRATUS}StopLogging`, 'missingField', 'awsRegion'),
]
